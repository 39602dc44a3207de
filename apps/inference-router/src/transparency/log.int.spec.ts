import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { canonicalJson, developmentRoots } from '@orgn/attestation';
import { nodeCrypto } from '@orgn/attestation/node';
import { requestId, teamId } from '@orgn/contracts';
import { leafOf, openCheckpoint, signReceipt, verifyBundle, type Receipt } from '@orgn/receipts';
import { makeBundle, testPolicy, type MadeBundle } from '@orgn/receipts/testing';
import { Registry } from 'prom-client';
import { v7 as uuidv7 } from 'uuid';
import type { ReceiptsRepository } from '../archive/receipts.repository.ts';
import { startArchive, type TestArchive } from '../archive/testing/test-archive.ts';
import { toReceiptKeys } from '../receipts/receipt-key.ts';
import { HeadPosts } from './head-posts.client.ts';
import { LogWriter } from './log-writer.ts';
import { TransparencyLog } from './transparency-log.ts';

const origin = 'gateway.example/receipts';
const RECEIPT_KEYS = toReceiptKeys(`s1:${Buffer.alloc(32, 7).toString('base64url')}`);
const [key] = RECEIPT_KEYS;
const keys = {
  keys: [{ kid: 's1', algorithm: 'ed25519' as const, public_key: key!.publicKey }],
  log: { origin },
};
const team = teamId.parse('team_acme');

let archive: TestArchive;
let made: MadeBundle;
let repository: ReceiptsRepository;
let log: TransparencyLog;

beforeAll(async () => {
  archive = await startArchive();
  made = await makeBundle({ isLogged: false });
  repository = archive.fresh().repository;
  log = new TransparencyLog(archive.config(), archive.database);
});
beforeEach(async () => {
  await archive.admin.query('TRUNCATE receipts, log_waiting, log_places, log_entries, log_tiles, log_head');
});
afterAll(() => archive.stop());

/** A router that may write the log, whenever it is asked. */
function writer(more: { LOG_WITNESS_URLS?: string[] } = {}): { writer: LogWriter; posts: HeadPosts } {
  const config = archive.config({ RECEIPT_KEYS, LOG_BATCH_SECONDS: 0, ...more });
  const posts = new HeadPosts(config, archive.log, new Registry());
  return { writer: new LogWriter(config, archive.database, posts, archive.log), posts };
}

async function keep(count: number): Promise<Receipt[]> {
  const { signature: _signature, key_id: _key, ...unsigned } = made.bundle.receipt;
  const receipts = Array.from({ length: count }, () =>
    signReceipt({ ...unsigned, receipt_id: requestId.parse(uuidv7()) }, key!),
  );
  await repository.keep(receipts.map((receipt) => ({ teamId: team, receipt, evidence: [] })));
  return receipts;
}

describe('the log of receipts', () => {
  test('proves each receipt of every batch under its newest head, and a verifier takes that', async () => {
    const router = writer().writer;
    const receipts: Receipt[] = [];
    for (const count of [1, 300, 7]) {
      receipts.push(...(await keep(count)));
      expect(await router.append()).toMatch(new RegExp(`^${origin}\n${receipts.length}\n`));
    }
    const question = { keys, roots: developmentRoots, policy: testPolicy, request: null, response: null };
    for (const receipt of [receipts[0]!, receipts[299]!, receipts.at(-1)!]) {
      const proof = await log.proofOf(
        (await repository.find(team, requestId.parse(receipt.receipt_id)))?.place ?? null,
      );
      const bundle = { ...made.bundle, receipt, log: proof };
      const verified = await verifyBundle(canonicalJson(bundle), { ...question, crypto: nodeCrypto });
      const status = Object.fromEntries(verified.receiptChecks.map((check) => [check.id, check.status]));
      expect(status).toMatchObject({ receipt_signature: 'pass', log_checkpoint: 'pass', log_inclusion: 'pass' });
    }
    expect(await log.proofOf(null)).toBe('pending');
    expect(await log.proofOf(receipts.length)).toBe('pending');
  });

  test('is written by one of several routers, which lose no receipt and log none twice', async () => {
    const routers = [writer().writer, writer().writer, writer().writer];
    await keep(20);
    for (let round = 0; round < 4; round += 1) {
      await Promise.all([...routers.map((router) => router.append()), keep(20)]);
    }
    while (await routers[0]!.append());
    const { rows } = await archive.admin.query<{ place: string }>('SELECT place FROM log_places ORDER BY place');
    expect(rows.map(({ place }) => Number(place))).toEqual(Array.from({ length: 100 }, (_, at) => at));
    expect((await log.head()).size).toBe(100);
  });

  test('waits for its time, and writes no head without a receipt', async () => {
    const slow = new LogWriter(
      archive.config({ RECEIPT_KEYS, LOG_BATCH_SECONDS: 3_600 }),
      archive.database,
      writer().posts,
      archive.log,
    );
    expect(await slow.append()).toBeUndefined();
    await keep(1);
    expect(await slow.append()).toBeDefined();
    await keep(1);
    expect(await slow.append()).toBeUndefined();
  });

  test('holds salted digests, and nothing else of a receipt', async () => {
    const [receipt] = await keep(1);
    await writer().writer.append();
    const { hashes } = await log.tile({ level: 0, number: 0, width: 1, isOfEntries: true });
    expect(hashes).toBe(Buffer.from(leafOf(receipt!, nodeCrypto)).toString('base64'));
    expect(await log.tile({ level: 0, number: 0, width: 2, isOfEntries: false })).toEqual({ hashes: null });
  });

  describe('tells its heads', () => {
    let folder: string;
    let server: Server;
    let isDown = true;
    const heard: string[] = [];
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'orgn-heads-'));
      server = createServer((request, response) => {
        let body = '';
        request.on('data', (chunk: Buffer) => (body += chunk.toString()));
        request.on('end', () => {
          if (!isDown) heard.push(body);
          response.writeHead(isDown ? 503 : 200).end();
        });
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    });
    afterAll(() => {
      server.close();
      rmSync(folder, { recursive: true });
    });

    test('to files and to addresses, again where that failed', async () => {
      const file = join(folder, 'heads');
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/heads`;
      const router = writer({ LOG_WITNESS_URLS: [pathToFileURL(file).href, url] });
      await keep(1);
      const head = await router.writer.append();
      await router.posts.send(head);
      expect(readFileSync(file, 'utf8')).toBe(`${head}\n`);
      isDown = false;
      await router.posts.send(undefined);
      expect(heard).toEqual([head]);
      expect(await openCheckpoint(heard[0]!, keys, nodeCrypto)).toMatchObject({ origin, size: 1 });
      expect(readFileSync(file, 'utf8')).toBe(`${head}\n`);
    });
  });
});
