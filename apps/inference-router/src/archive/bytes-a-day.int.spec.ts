import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { canonicalJson, type SessionEvidence } from '@orgn/attestation';
import { nodeCrypto } from '@orgn/attestation/node';
import { requestId, teamId } from '@orgn/contracts';
import { Enclave, Intel, Nras, sessionEvidence } from '@orgn/evidence';
import { digestOf } from '@orgn/receipts';
import { makeBundle, type MadeBundle } from '@orgn/receipts/testing';
import { Registry } from 'prom-client';
import { v7 as uuidv7 } from 'uuid';
import { toReceiptKeys } from '../receipts/receipt-key.ts';
import { HeadPosts } from '../transparency/head-posts.client.ts';
import { LogWriter } from '../transparency/log-writer.ts';
import { withoutGpus } from '../attestation/gpu-leases.ts';
import type { NewReceipt, ReceiptsRepository } from './receipts.repository.ts';
import { startArchive, type TestArchive } from './testing/test-archive.ts';

/** A session is renewed after 70 % of five minutes, what GPUs proved after fifty. */
const SESSIONS_A_DAY = 86_400 / 210;
const LEASES_A_DAY = 86_400 / 3_000;
const MB = 1_000_000;
/** Sessions that are measured: the first one shows the GPUs. */
const SESSIONS = 5;
/** Receipts that are packed, and then twice as many. */
const RECEIPTS = 512;

const RECEIPT_KEYS = toReceiptKeys(`s1:${Buffer.alloc(32, 7).toString('base64url')}`);

let archive: TestArchive;
let made: MadeBundle;
beforeAll(async () => {
  archive = await startArchive();
  made = await makeBundle();
});
afterAll(() => archive.stop());

/** The sessions of one endpoint, one after the other, as a router has them: eight GPUs, shown by the first. */
function sessionsOf(name: string): SessionEvidence[] {
  const [intel, nras] = [new Intel({ now: Date.now }), new Nras(Date.now)];
  const enclave = new Enclave({ intel, name, model: 'a model', gpus: 8 });
  const first: SessionEvidence = sessionEvidence({ intel, nras, enclave }, { algorithm: 'ed25519', tlsKey: name });
  const others = Array.from({ length: SESSIONS - 1 }, (): SessionEvidence => {
    const evidence = sessionEvidence({ intel, nras, enclave }, { algorithm: 'ed25519', tlsKey: name });
    const gpus = { at: Date.now(), evidence: first };
    return { ...evidence, collateral: first.collateral, report: withoutGpus(evidence.report) ?? '', nras: null, gpus };
  });
  return [first, ...others];
}

const random = () => `sha256:${randomBytes(32).toString('hex')}`;

/** A receipt of a session; whatever differs between answers does. */
function receiptOf(evidence: SessionEvidence): NewReceipt {
  const { receipt } = made.bundle;
  const { session } = receipt.orgn;
  const digest = digestOf(Buffer.from(canonicalJson(evidence)), nodeCrypto);
  const id = requestId.parse(uuidv7());
  const [asked, forwarded, upstream, returned] = receipt.event_log;
  const [forwardedHash, received] = [random(), random()];
  const changed = {
    ...receipt,
    ...{ receipt_id: id, chat_id: `chatcmpl-${randomBytes(12).toString('hex')}` },
    event_log: [
      { ...asked, body_hash: random() },
      { ...forwarded, body_hash: forwardedHash },
      upstream,
      { ...returned, body_hash: random() },
    ] as typeof receipt.event_log,
    signature: randomBytes(64).toString('hex'),
    orgn: {
      ...receipt.orgn,
      session: session && { ...session, evidence: digest },
      response_received: received,
      log_salt: randomBytes(32).toString('hex'),
      provider_signature: receipt.orgn.provider_signature && {
        ...receipt.orgn.provider_signature,
        text: `a model:${forwardedHash.slice(7)}:${received.slice(7)}`,
        signature: randomBytes(64).toString('hex'),
      },
    },
  };
  return { teamId: teamId.parse('team_acme'), receipt: changed, evidence: [{ digest, content: evidence }] };
}

async function bytesOf(table: string): Promise<number> {
  const size = `SELECT coalesce(sum(pg_column_size(t.*)), 0)::float8 AS bytes FROM ${table} t`;
  return (await archive.admin.query<{ bytes: number }>(size)).rows[0]?.bytes ?? 0;
}

/** Keeps receipts, has them written into the log and packed. @returns CPU of the packing, in microseconds a receipt */
async function packSome(repository: ReceiptsRepository, evidence: SessionEvidence, count: number): Promise<number> {
  const receipts = Array.from({ length: count }, () => receiptOf(evidence));
  for (let at = 0; at < count; at += 200) await repository.keep(receipts.slice(at, at + 200));
  const config = archive.config({ RECEIPT_KEYS, LOG_BATCH_SECONDS: 0 });
  const posts = new HeadPosts(config, archive.log, new Registry());
  await new LogWriter(config, archive.database, posts, archive.log).append();
  const started = process.cpuUsage();
  await archive.fresh().packer.pack({ newSeconds: 0, least: 1, mostSeconds: 0 });
  const { user, system } = process.cpuUsage(started);
  return (user + system) / count;
}

/** With indexes and the log. */
async function bytesOfAll(): Promise<number> {
  const tables = ['receipts', 'log_places', 'log_waiting', 'receipt_blocks', 'log_entries', 'log_tiles'];
  for (const table of tables) await archive.admin.query(`VACUUM FULL ${table}`);
  const sum = tables.map((table) => `pg_total_relation_size('${table}')`).join(' + ');
  const { rows } = await archive.admin.query<{ bytes: number }>(`SELECT (${sum})::float8 AS bytes`);
  return rows[0]?.bytes ?? 0;
}

/** What each further receipt takes in the end, with indexes and its part of the log. */
async function bytesOfPacked(repository: ReceiptsRepository, evidence: SessionEvidence): Promise<number> {
  await packSome(repository, evidence, RECEIPTS);
  const before = await bytesOfAll();
  const cpu = await packSome(repository, evidence, 2 * RECEIPTS);
  process.stdout.write(`packing ${cpu.toFixed(0)} us of CPU a receipt\n`);
  return ((await bytesOfAll()) - before) / (2 * RECEIPTS);
}

test('evidence of ten endpoints stays below 200 MB a day', async () => {
  const repository = archive.fresh().repository;
  const endpoints = [sessionsOf('one endpoint'), sessionsOf('another')];
  const sizes: number[] = [await bytesOf('contents')];
  for (const sessions of endpoints) {
    for (const evidence of sessions) {
      await repository.keep([receiptOf(evidence)]);
      sizes.push(await bytesOf('contents'));
    }
  }
  const grown = sizes.slice(1).map((size, at) => size - (sizes[at] ?? 0));
  // Of the second endpoint: what all of them share is there already.
  const [full = 0, ...short] = grown.slice(SESSIONS);
  const session = short.reduce((sum, bytes) => sum + bytes, 0) / short.length;
  const daily = LEASES_A_DAY * full + (SESSIONS_A_DAY - LEASES_A_DAY) * session;
  await archive.admin.query('TRUNCATE receipts, log_waiting');
  const receipt = await bytesOfPacked(repository, endpoints[0]![0]!);
  const figures = [1, 10].flatMap((count) =>
    [1, 1_000].map((answers) => {
      const [evidence, receipts] = [(count * daily) / MB, (answers * 1_440 * receipt) / MB];
      return `${count} endpoints, ${answers} answers/min: evidence ${evidence.toFixed(1)} MB, receipts ${receipts.toFixed(1)} MB a day`;
    }),
  );
  process.stdout.write(
    `session ${session.toFixed(0)} B, with GPUs ${full.toFixed(0)} B, receipt ${receipt.toFixed(0)} B\n`,
  );
  process.stdout.write(`${figures.join('\n')}\n`);
  expect((10 * daily) / MB).toBeLessThan(200);
});
