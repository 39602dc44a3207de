import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startService } from '@orgn/service-kit';
import { startProvidersApart, startRouterBench, type RouterBench, type TestService } from '@orgn/testing';
import { v7 as uuidv7 } from 'uuid';
import { SessionsService } from '../attestation/sessions.service.ts';
import { ProviderClient } from '../providers/provider.client.ts';
import { inferenceRouter } from '../service.ts';
import { ReceiptsService } from './receipts.service.ts';

const isLong = process.env.TEST_LONG === '1';
const ROUNDS = isLong ? 31 : 3;
const ANSWERS = isLong ? 200 : 5;
const models = readFileSync(new URL('../../../../models.yaml', import.meta.url), 'utf8');
const chat = (model: string, stream: boolean) => ({
  ...{ model, stream },
  messages: [{ role: 'user', content: 'How wide is the Ä river? '.repeat(20) }],
});

let bench: RouterBench;
let service: TestService;
beforeAll(async () => {
  const start = async (environment: Record<string, string>) => {
    service = await startService(inferenceRouter, environment);
    return service;
  };
  const providers = await startProvidersApart();
  const { origin } = new URL(providers.attestedEnvironment.NEAR_BASE_URL ?? '');
  // One server for both, so that TLS costs the same: it answers each by its path.
  const more = {
    VERCEL_BASE_URL: `${origin}/vercel/v1`,
    RECEIPT_KEYS: `s1:${Buffer.alloc(32, 7).toString('base64url')}`,
  };
  bench = await startRouterBench({ start, models, providers, isAttested: true, more }, uuidv7);
  alike(service);
});
afterAll(() => bench.stop());

/** Leaves of both ways what is compared: the way itself. Without a verified certificate the other one would go nowhere. */
function alike({ app }: TestService): void {
  const [client, sessions] = [app.get(ProviderClient), app.get(SessionsService)];
  const post = client.post.bind(client);
  client.post = (name, request, receiver, way) =>
    post(name, request, receiver, way ?? (name === 'vercel' ? sessions.dispatcherOf('near') : undefined));
  // A receipt is made after the last byte, and measured elsewhere; its hashes are made on the way.
  app.get(ReceiptsService).take = async (witness) => {
    await Promise.all([witness.received, witness.forwarded]);
    witness.wire.end();
    witness.shown.end();
    witness.release();
  };
}

async function answer(model: string, stream: boolean): Promise<void> {
  const response = await bench.ask('/chat/completions', chat(model, stream));
  expect(response.status).toBe(200);
  await response.text();
}

/** CPU of this thread for one answer of some, in microseconds. */
async function cpuOf(model: string, stream: boolean): Promise<number> {
  const before = process.threadCpuUsage();
  for (let at = 0; at < ANSWERS; at += 1) await answer(model, stream);
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / ANSWERS;
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

interface Round {
  tee: number;
  zdr: number;
}

/** Both in turns, and the first one in turns, too: the machine is not the same all the time. */
async function roundOf(round: number, stream: boolean): Promise<Round> {
  const [tee, zdr] = [() => cpuOf('near_qwen3_30b', stream), () => cpuOf('vercel_gpt_4o', stream)];
  if (round % 2 === 0) return { tee: await tee(), zdr: await zdr() };
  const first = await zdr();
  return { tee: await tee(), zdr: first };
}

test.each([false, true])(
  'a warm TEE answer costs about what a ZDR one does (stream: %s)',
  async (stream) => {
    const rounds: Round[] = [];
    for (let round = 0; round < ROUNDS; round += 1) rounds.push(await roundOf(round, stream));
    const [tee, zdr] = [median(rounds.map((one) => one.tee)), median(rounds.map((one) => one.zdr))];
    const more = median(rounds.map((one) => (100 * (one.tee - one.zdr)) / one.zdr));
    process.stdout.write(
      `${stream ? 'stream' : 'JSON'} over the same TLS, test and channel included: ` +
        `TEE ${tee.toFixed(0)} us, ZDR ${zdr.toFixed(0)} us: ${more.toFixed(1)} % more\n`,
    );
    if (isLong) expect(more).toBeLessThanOrEqual(5);
    const { requests = 0 } = await bench.providers.received('vercel');
    expect(requests).toBeGreaterThanOrEqual(ROUNDS * ANSWERS);
  },
  600_000,
);
