import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { developmentRoots } from '@orgn/attestation';
import { nodeCrypto } from '@orgn/attestation/node';
import { requestId, teamId, type RequestId } from '@orgn/contracts';
import { readKeys, verifyBundle } from '@orgn/receipts';
import { testPolicy } from '@orgn/receipts/testing';
import { startService } from '@orgn/service-kit';
import { eventually, startRouterBench, type RouterBench, type TestService } from '@orgn/testing';
import { v7 as uuidv7 } from 'uuid';
import { startArchive, type TestArchive } from '../archive/testing/test-archive.ts';
import { inferenceRouter } from '../service.ts';
import { PublishedKeys } from './published-keys.ts';
import { ReceiptReader } from './receipt-reader.ts';

const models = readFileSync(new URL('../../../../models.yaml', import.meta.url), 'utf8');
const team = teamId.parse('team_test');
const chat = { model: 'near_qwen3_30b', messages: [{ role: 'user', content: 'Hi' }] };
let archive: TestArchive;
let bench: RouterBench;
let service: TestService;
beforeAll(async () => {
  archive = await startArchive();
  const start = async (environment: Record<string, string>) => {
    service = await startService(inferenceRouter, environment);
    return service;
  };
  // A session is renewed every 2.8 s, and what NVIDIA said counts for forty.
  const more = {
    ATTESTATION_MAX_AGE: '4',
    RECEIPT_KEYS: `s1:${Buffer.alloc(32, 7).toString('base64url')}`,
    DATABASE_URL: archive.config().DATABASE_URL ?? '',
  };
  bench = await startRouterBench({ start, models, isAttested: true, more }, uuidv7);
});
afterAll(async () => {
  await bench.stop();
  await archive.stop();
});

async function ask(): Promise<{ id: RequestId; status: number; text: string }> {
  const id = requestId.parse(uuidv7());
  const answer = await bench.ask('/chat/completions', chat, { headers: { 'x-request-id': id } });
  return { id, status: answer.status, text: await answer.text() };
}

async function keysOf() {
  const { keys } = await service.app.get(PublishedKeys).list();
  const published = keys.map(({ kid, publicKey }) => ({ kid, algorithm: 'ed25519', public_key: publicKey }));
  return readKeys(JSON.stringify({ keys: published }));
}

/** The file of a receipt, once the session after its own is in it. */
async function bracketed(id: RequestId): Promise<string> {
  const request = { teamId: team, requestId: id, chatId: null, model: null, form: 'bundle' } as const;
  return eventually(
    async () => {
      const { bundle } = await service.app.get(ReceiptReader).read(request);
      const text = gunzipSync(Buffer.from(bundle ?? '', 'base64')).toString('utf8');
      expect(Object.keys(JSON.parse(text) as object)).toContain('after');
      return text;
    },
    { timeoutMs: 60_000 },
  );
}

/** An answer. Sessions are so short here that a busy machine may have none at times. */
function answered(): ReturnType<typeof ask> {
  return eventually(
    async () => {
      const answer = await ask();
      expect(answer.status).toBe(200);
      return answer;
    },
    { timeoutMs: 20_000 },
  );
}

/** How often NVIDIA was asked. */
async function questionsToNvidia(): Promise<number> {
  const text = await (await fetch(bench.metricsUrl)).text();
  return Number(/orgn_attestation_fetches_total\{[^}]*what="nras"[^}]*\} (\d+)/.exec(text)?.[1] ?? 0);
}

test('an answer is bracketed by the renewal after it, which verifies like the session before', async () => {
  const first = await answered();
  const text = await bracketed(first.id);
  const given = { roots: developmentRoots, policy: testPolicy, crypto: nodeCrypto, request: null, response: null };
  const verified = await verifyBundle(text, { ...given, keys: await keysOf(), require: ['session_after'] });
  const statusOf = new Map(verified.receiptChecks.map(({ id, status }) => [id, status]));
  expect([statusOf.get('receipt_evidence'), statusOf.get('session_after')]).toEqual(['pass', 'pass']);
}, 90_000);

test('GPUs are looked at with each renewal, though NVIDIA is not asked again', async () => {
  const before = await questionsToNvidia();
  await answered();
  await bench.providers.control('near', { attestation: 'wrong_gpu_count' });
  await eventually(
    async () => {
      const { status, text } = await ask();
      expect(status).toBe(503);
      const { checks } = JSON.parse(text) as { checks: object[] };
      expect(checks).toContainEqual({ id: 'gpu_count', status: 'fail' });
    },
    { timeoutMs: 20_000 },
  );
  // Both providers' enclaves were verified several times, and NVIDIA was asked once for each, or twice where a lease ended meanwhile.
  expect(before).toBeGreaterThan(0);
  expect(before).toBeLessThan(8);
}, 60_000);
