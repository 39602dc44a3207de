import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually, Stack } from './stack.ts';

// Room for so many requests, and far more of them at once: over gateways, and over owners that come and go.

const isLong = process.env.TEST_LONG === '1';
const N = isLong ? 200 : 12;
const CALLS = isLong ? 50 * N : 8 * N;
const AT_ONCE = isLong ? 600 : 48;
/** Nothing but this decides what a hold is: a short prompt, and an answer of so many tokens. */
const request = { model: 'near_qwen3_30b', messages: [{ role: 'user', content: 'Hello' }], max_tokens: 64 };
const provider = 'near';

const stack = new Stack({ TOTAL_TIMEOUT_MS: '10000', HOLD_GRACE_MS: '3000' });

interface Hold {
  nanoUsd: number;
  promptTokens: number;
}

let hold: Hold;

beforeAll(async () => {
  await stack.start('--gateways', '2', '--meterings', '2');
  await empty();
  hold = await boundOf(await refused());
  await stack.control(provider, { usage: 'max', promptTokens: hold.promptTokens });
}, 240_000);
afterAll(() => stack.remove());

const call = (turn = 0) => {
  const { gateways } = stack.file;
  return stack.chat(request, { api: gateways[turn % gateways.length] ?? stack.file.api });
};

/** What says that it may be otherwise soon. */
const passing = new Set(['balance_busy', 'metering_unavailable']);

/** What callers are told, by code; who is told that the money is held asks again. */
async function callUntilDecided(turn: number, tally: Map<string, number>): Promise<void> {
  for (;;) {
    const response = await call(turn);
    const { error } = (await response.json()) as { error?: { code: string } };
    const told = error?.code ?? 'answered';
    tally.set(told, (tally.get(told) ?? 0) + 1);
    if (!passing.has(told)) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function crowd(calls: number): Promise<Map<string, number>> {
  const tally = new Map<string, number>();
  let next = 0;
  const caller = async () => {
    while (next < calls) await callUntilDecided((next += 1), tally);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, caller));
  return tally;
}

async function refused(): Promise<string> {
  const response = await call();
  const body = (await response.json()) as { error: { code: string; message: string } };
  expect([response.status, body.error.code]).toEqual([403, 'insufficient_balance']);
  return body.error.message;
}

/** What a refusal says of the bound. */
async function boundOf(message: string): Promise<Hold> {
  const [, usd = '', tokens = ''] = /may cost up to ([\d.]+) USD \((\d+) tokens of prompt/.exec(message) ?? [];
  return { nanoUsd: Math.round(Number(usd) * 1e9), promptTokens: Number(tokens) };
}

async function billing(...args: string[]): Promise<Record<string, string>> {
  const ended = await stack.operator('billing', ...args, '--team', stack.file.demo.teamId, '--json');
  if (ended.code !== 0) throw new Error(ended.stdout + ended.stderr);
  const said = JSON.parse(ended.stdout) as Record<string, string> & { balance?: Record<string, string> };
  return said.balance ?? said;
}

const usd = (nanoUsd: number | string) => (Number(nanoUsd) / 1e9).toFixed(9);

/** Leaves the team without anything. */
async function empty(): Promise<void> {
  await eventually(async () => expect((await billing('balance')).heldNanoUsd).toBe('0'), 60_000);
  const { fundsNanoUsd = '0' } = await billing('balance');
  if (fundsNanoUsd !== '0') await billing('refund', '--amount', usd(fundsNanoUsd), '--reason', 'test');
}

async function credit(nanoUsd: number): Promise<void> {
  await billing('credit', '--amount', usd(nanoUsd), '--reason', 'test');
}

describe('room for exactly so many requests', () => {
  test('is enough for these and no other, whoever of the gateways is asked, and nothing is left', async () => {
    await credit(N * hold.nanoUsd);
    const tally = await crowd(CALLS);
    process.stdout.write(`room for ${N}: ${JSON.stringify(Object.fromEntries(tally))}\n`);
    expect(tally.get('answered')).toBe(N);
    expect(N + (tally.get('insufficient_balance') ?? 0)).toBe(CALLS);
    await eventually(async () =>
      expect(await billing('balance')).toMatchObject({ fundsNanoUsd: '0', heldNanoUsd: '0', owedNanoUsd: '0' }),
    );
  }, 600_000);

  const faults = [...(isLong ? ['stands still'] : []), 'dies'];
  test.each(faults)(
    'is not overspent when an owner %s, and is used up once its holds must have ended',
    async (fault) => {
      await credit(N * hold.nanoUsd);
      const crowded = crowd(CALLS);
      await new Promise((resolve) => setTimeout(resolve, 300));
      const { pid } = stack.file.processes.find(({ service }) => service === 'usage-metering')!;
      process.kill(pid, fault === 'dies' ? 'SIGKILL' : 'SIGSTOP');
      if (fault !== 'dies') setTimeout(() => process.kill(pid, 'SIGCONT'), 10_000);
      const tally = await crowded;
      process.stdout.write(`an owner ${fault}, room for ${N}: ${JSON.stringify(Object.fromEntries(tally))}\n`);
      expect(tally.get('answered')).toBe(N);
      await eventually(
        async () =>
          expect(await billing('balance')).toMatchObject({ fundsNanoUsd: '0', heldNanoUsd: '0', owedNanoUsd: '0' }),
        60_000,
      );
    },
    600_000,
  );
});

test('a refusal tells how it stands and what would fit', async () => {
  await empty();
  await credit(hold.nanoUsd - 1);
  const message = await refused();
  const [, fits] = /max_tokens of at most (\d+) would fit/.exec(message) ?? [];
  expect(Number(fits)).toBe(63);
  const fitting = await stack.chat({ ...request, max_tokens: Number(fits) });
  expect(fitting.status).toBe(200);
});
