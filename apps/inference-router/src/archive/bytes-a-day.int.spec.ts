import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { canonicalJson, type SessionEvidence } from '@orgn/attestation';
import { nodeCrypto } from '@orgn/attestation/node';
import { requestId, teamId } from '@orgn/contracts';
import { Enclave, Intel, Nras, sessionEvidence } from '@orgn/evidence';
import { digestOf } from '@orgn/receipts';
import { makeBundle, type MadeBundle } from '@orgn/receipts/testing';
import { v7 as uuidv7 } from 'uuid';
import { withoutGpus } from '../attestation/gpu-leases.ts';
import { ReceiptsRepository, type NewReceipt } from './receipts.repository.ts';
import { startArchive, type TestArchive } from './testing/test-archive.ts';

/** A session is renewed after 70 % of five minutes, what GPUs proved after fifty. */
const SESSIONS_A_DAY = 86_400 / 210;
const LEASES_A_DAY = 86_400 / 3_000;
const MB = 1_000_000;
/** Sessions that are measured: the first one shows the GPUs. */
const SESSIONS = 5;
const RECEIPTS = 200;

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
  const changed = {
    ...receipt,
    ...{ receipt_id: id, chat_id: `chatcmpl-${randomBytes(12).toString('hex')}` },
    event_log: receipt.event_log.map((event) =>
      'body_hash' in event ? { ...event, body_hash: random() } : event,
    ) as unknown as typeof receipt.event_log,
    signature: randomBytes(64).toString('hex'),
    orgn: {
      ...receipt.orgn,
      session: session && { ...session, evidence: digest },
      response_received: random(),
      log_salt: randomBytes(32).toString('hex'),
      provider_signature: receipt.orgn.provider_signature && {
        ...receipt.orgn.provider_signature,
        text: `a model:${random()}:${random()}`,
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

test('evidence of ten endpoints stays below 200 MB a day', async () => {
  const repository = new ReceiptsRepository(archive.database);
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
  await repository.keep(Array.from({ length: RECEIPTS }, () => receiptOf(endpoints[0]?.[0] ?? sessionsOf('x')[0]!)));
  const receipt = (await bytesOf('receipts')) / (RECEIPTS + 2 * SESSIONS);
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
