import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { crowd } from './holds/crowd.ts';
import { eventually, Stack } from './stack.ts';
import { Visitor } from './visitor.ts';

// Room for so many requests, and far more of them at once: over gateways, and over owners that come and go.

const isLong = process.env.TEST_LONG === '1';
const N = isLong ? 200 : 12;
const CALLS = isLong ? 50 * N : 8 * N;
const AT_ONCE = isLong ? 600 : 48;
/** Nothing but this decides what a hold is: a short prompt, and an answer of so many tokens. */
const request = { model: 'near_qwen3_30b', messages: [{ role: 'user', content: 'Hello' }], max_tokens: 64 };
const provider = 'near';

const stack = new Stack({
  TOTAL_TIMEOUT_MS: '10000',
  HOLD_GRACE_MS: '3000',
  HOLD_IDLE_MS: '2000',
  MAX_REQUESTS_PER_KEY: '1000',
});

interface Hold {
  nanoUsd: number;
  promptTokens: number;
}

let hold: Hold;
let owner: Visitor;

beforeAll(async () => {
  await stack.start('--gateways', '3', '--meterings', '2');
  owner = new Visitor(stack.file.console);
  await owner.signIn('owner@orgn.test');
  await empty();
  hold = await boundOf(await refused());
  await stack.control(provider, { usage: 'max', promptTokens: hold.promptTokens });
}, 240_000);
afterAll(() => stack.remove());

const equal = (key?: string) => crowd(stack, { body: () => request, key, calls: CALLS, atOnce: AT_ONCE });
const print = (what: string, tally: Map<string, number>) =>
  process.stdout.write(`${what}: ${JSON.stringify(Object.fromEntries(tally))}\n`);

async function refused(): Promise<string> {
  const response = await stack.chat(request);
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

/** The balance has room for everything: what is tested is narrower. */
async function beRich(): Promise<void> {
  await credit(10 * CALLS * hold.nanoUsd);
}

const isEmpty = async () =>
  expect(await billing('balance')).toMatchObject({ fundsNanoUsd: '0', heldNanoUsd: '0', owedNanoUsd: '0' });

interface Made {
  id: string;
  key: string;
}

/** A key of the owner's, with limits. */
async function makeKey(limits: object = {}): Promise<Made> {
  const name = `holds ${String(Math.random())}`;
  const made = await owner.api<Made>('POST', `/api/teams/${stack.file.demo.teamId}/keys`, { name, ...limits });
  expect(made.status).toBe(201);
  return made.body;
}

describe('room for exactly so many requests', () => {
  test.each(Array.from({ length: isLong ? 10 : 1 }, (_, round) => round + 1))(
    'is enough for these and no other, whoever of the gateways is asked, and nothing is left (%i)',
    async (round) => {
      await empty();
      await credit(N * hold.nanoUsd);
      const tally = await equal();
      print(`balance with room for ${N}, round ${round}`, tally);
      expect(tally.get('answered')).toBe(N);
      expect(N + (tally.get('insufficient_balance') ?? 0)).toBe(CALLS);
      await eventually(isEmpty);
    },
    600_000,
  );

  test('of a key’s budget is no more than that, however much the team has', async () => {
    await beRich();
    const { key } = await makeKey({ budgets: { total: usd(N * hold.nanoUsd) } });
    const tally = await equal(key);
    print(`budget of a key with room for ${N}`, tally);
    expect(tally.get('answered')).toBe(N);
    expect(N + (tally.get('budget_exceeded') ?? 0)).toBe(CALLS);
    const told = await stack.chat(request, { key });
    const { error } = (await told.json()) as { error: { message: string } };
    expect(error.message).toMatch(/budget of this API key is .* USD: .* USD are used and .* USD are held/);
  }, 600_000);

  test('of a member’s budget is no more than that, whatever keys they have, and raised at once', async () => {
    await beRich();
    const { body: session } = await owner.api<{ user: { id: string } }>('GET', '/api/session');
    const path = `/api/teams/${stack.file.demo.teamId}/members/${session.user.id}/budget`;
    const before = await owner.api<{ spentNanoUsd: string }>('PATCH', path, { budget: null });
    const [one, other] = [await makeKey(), await makeKey()];
    const limit = usd(Number(before.body.spentNanoUsd) + N * hold.nanoUsd);
    expect((await owner.api('PATCH', path, { budget: { limit } })).status).toBe(200);
    const calls = { body: () => request, calls: CALLS / 2, atOnce: AT_ONCE / 2 };
    const tallies = await Promise.all([one, other].map(({ key }) => crowd(stack, { ...calls, key })));
    const sum = (code: string) => tallies.reduce((total, tally) => total + (tally.get(code) ?? 0), 0);
    for (const tally of tallies) print(`budget of a member with room for ${N}, one of two keys`, tally);
    expect([sum('answered'), sum('budget_exceeded')]).toEqual([N, CALLS - N]);
    const raised = usd(Number(before.body.spentNanoUsd) + (N + 1) * hold.nanoUsd);
    await owner.api('PATCH', path, { budget: { limit: raised } });
    expect((await stack.chat(request, { key: one.key })).status).toBe(200);
    expect((await stack.chat(request, { key: other.key })).status).toBe(403);
    expect((await owner.api('PATCH', path, { budget: { limit, isSoft: true } })).status).toBe(200);
    await eventually(async () => {
      const warned = await stack.chat(request, { key: other.key });
      expect([warned.status, warned.headers.get('x-ollm-budget-warning')]).toEqual([
        200,
        expect.stringContaining('for the month'),
      ]);
    });
    await owner.api('PATCH', path, { budget: null });
  }, 600_000);

  test('of mixed sizes is never gone beyond, and what is left is less than the smallest', async () => {
    await empty();
    await credit(N * hold.nanoUsd);
    const sizes = [64, 16, 256, 32];
    const body = (turn: number) => ({ ...request, max_tokens: sizes[turn % sizes.length] });
    const tally = await crowd(stack, { body, calls: CALLS, atOnce: AT_ONCE });
    print(`balance of ${N} holds, mixed sizes`, tally);
    await eventually(
      async () => expect(await billing('balance')).toMatchObject({ heldNanoUsd: '0', owedNanoUsd: '0' }),
      60_000,
    );
    const { fundsNanoUsd } = await billing('balance');
    expect(Number(fundsNanoUsd)).toBeLessThan(hold.nanoUsd);
    const smallest = await stack.chat({ ...request, max_tokens: 16 });
    expect(smallest.status).toBe(403);
  }, 600_000);

  const faults = [...(isLong ? ['stands still', 'loses Postgres'] : []), 'dies'];
  test.each(faults)(
    'is not overspent when an owner %s, and is used up once its holds must have ended',
    async (fault) => {
      await empty();
      await credit(N * hold.nanoUsd);
      const crowded = equal();
      await new Promise((resolve) => setTimeout(resolve, 300));
      const victim = fault === 'loses Postgres' ? 'postgres' : 'usage-metering';
      const { pid } = stack.file.processes.find(({ service }) => service === victim)!;
      process.kill(pid, fault === 'stands still' ? 'SIGSTOP' : 'SIGKILL');
      if (fault === 'stands still') setTimeout(() => process.kill(pid, 'SIGCONT'), 10_000);
      const tally = await crowded;
      print(`an owner ${fault}, room for ${N}`, tally);
      expect(tally.get('answered')).toBe(N);
      await eventually(isEmpty, 60_000);
    },
    600_000,
  );
});

describe('requests of a key at a time', () => {
  test('are no more than its limit over all gateways, and who comes then waits in turn', async () => {
    await beRich();
    const { key } = await makeKey({ concurrency: 2 });
    await stack.control(provider, { delayMs: 300, usage: 'max', promptTokens: hold.promptTokens });
    const before = (await stack.received(provider)).requests;
    let most = 0;
    const looking = setInterval(() => {
      void stack.received(provider).then(({ openRequests }) => (most = Math.max(most, openRequests)));
    }, 20);
    const tally = await crowd(stack, { body: () => request, key, calls: 8, atOnce: 8 });
    clearInterval(looking);
    await stack.control(provider, { usage: 'max', promptTokens: hold.promptTokens });
    print('8 at once where 2 may run', tally);
    expect((await stack.received(provider)).requests - before).toBe(tally.get('answered'));
    expect(most).toBeLessThanOrEqual(2);
    expect(tally.get('answered')).toBeGreaterThanOrEqual(2);
    expect(8 - (tally.get('answered') ?? 0)).toBe(tally.get('rate_limit_exceeded') ?? 0);
  });
});

test('every answer to a key with rates tells how they stand, also where its money had to be drawn first', async () => {
  await beRich();
  const { key } = await makeKey({ rpm: 100, tpm: 1_000_000, budgets: { total: usd(3 * hold.nanoUsd) } });
  const told: [status: number, left: number][] = [];
  for (let turn = 0; turn < 4; turn += 1) {
    const { status, headers } = await stack.chat(request, { key });
    expect(Number(headers.get('x-ratelimit-remaining-tokens'))).toBeGreaterThan(0);
    told.push([status, Number(headers.get('x-ratelimit-remaining-requests'))]);
  }
  // An owner that has just come takes half to be used up.
  const first = told[0]![1];
  expect([49, 99]).toContain(first);
  expect(told.slice(0, 3)).toEqual([first, first - 1, first - 2].map((left) => [200, left]));
  expect(told[3]![0]).toBe(403);
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
