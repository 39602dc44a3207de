import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { print } from './figures.ts';
import { Load } from './load.ts';
import { generationsOf } from './provider-books.ts';
import { eventually, Stack } from './stack.ts';

// What takes minutes: rates for three minutes, every way to end a request, and whatever may die dying all the time.

const long = process.env.TEST_LONG === '1' ? describe : describe.skip;
const short = { TOTAL_TIMEOUT_MS: '10000', HOLD_GRACE_MS: '3000', HOLD_IDLE_MS: '2000' };
const model = 'near_qwen3_30b';
const hello = { model, messages: [{ role: 'user', content: 'Hello' }], max_tokens: 64 };
const MINUTE = 60_000;

const keyOf = async (stack: Stack, ...flags: string[]): Promise<string> => {
  const { teamId } = stack.file.demo;
  const made = await stack.operator(
    'keys',
    'create',
    '--team',
    teamId,
    '--name',
    String(Math.random()),
    ...flags,
    '--json',
  );
  if (made.code !== 0) throw new Error(made.stdout + made.stderr);
  return (JSON.parse(made.stdout) as { key: string }).key;
};

const balanceOf = async (stack: Stack): Promise<Record<string, string>> => {
  const ended = await stack.operator('billing', 'balance', '--team', stack.file.demo.teamId, '--json');
  return JSON.parse(ended.stdout) as Record<string, string>;
};

/** Waits until nothing is held any more. @returns seconds that it took */
async function untilNothingIsHeld(stack: Stack): Promise<number> {
  const since = performance.now();
  await eventually(async () => expect((await balanceOf(stack)).heldNanoUsd).toBe('0'), 150_000);
  return Math.round((performance.now() - since) / 1_000);
}

async function expectBooksAgree(stack: Stack): Promise<void> {
  const { code, stdout } = await stack.operator('usage', 'reconcile');
  print(`reconcile: ${stdout.trim().split('\n').at(-1) ?? ''}`);
  expect(code).toBe(0);
}

long('limits by the minute, ten times as much asked for at three gateways', () => {
  const stack = new Stack();
  const RPM = 120;
  const TPM = 12_000;
  const RUN = 3 * MINUTE;
  beforeAll(() => stack.start('--gateways', '3', '--meterings', '2'), 240_000);
  afterAll(() => stack.remove());

  interface Answered {
    at: number;
    tokens: number;
    remaining: number;
  }

  async function ask(key: string, turn: number, answered: Answered[], refused: string[]): Promise<void> {
    const { gateways } = stack.file;
    const response = await stack.chat(hello, { key, api: gateways[turn % gateways.length]! });
    const at = performance.now();
    const body = (await response.json()) as { usage?: { total_tokens: number }; error?: { code: string } };
    if (response.ok)
      answered.push({
        at,
        tokens: body.usage?.total_tokens ?? 0,
        remaining: Number(response.headers.get('x-ratelimit-remaining-requests')),
      });
    else
      refused.push(
        `${response.status} ${String(body.error?.code)} ${response.headers.has('retry-after') ? 'told when' : ''}`,
      );
  }

  const most = (answered: readonly Answered[], weight: (one: Answered) => number) =>
    Math.max(
      ...answered.map(({ at }) =>
        answered.filter((other) => other.at >= at && other.at < at + MINUTE).reduce((sum, one) => sum + weight(one), 0),
      ),
    );

  test('are exceeded in no 60 s, and used up but for 5 %', async () => {
    const [byRequests, byTokens] = [await keyOf(stack, '--rpm', String(RPM)), await keyOf(stack, '--tpm', String(TPM))];
    const results = [byRequests, byTokens].map((key) => ({ key, answered: [] as Answered[], refused: [] as string[] }));
    const startedAt = performance.now();
    const open: Promise<void>[] = [];
    for (let turn = 0; performance.now() - startedAt < RUN; turn += 1) {
      for (const { key, answered, refused } of results) open.push(ask(key, turn, answered, refused));
      await sleep(MINUTE / RPM / 10);
    }
    await Promise.all(open);
    const [requests, tokens] = results as [(typeof results)[number], (typeof results)[number]];
    const used = tokens.answered.reduce((sum, one) => sum + one.tokens, 0);
    print(
      `rpm ${RPM}, ${RUN / 1_000} s: asked ${requests.answered.length + requests.refused.length}, answered ${requests.answered.length}, in 60 s at most ${most(requests.answered, () => 1)}`,
    );
    print(
      `tpm ${TPM}: answered ${tokens.answered.length}, tokens ${used}, in 60 s at most ${most(tokens.answered, (one) => one.tokens)}`,
    );
    expect(new Set([...requests.refused, ...tokens.refused])).toEqual(new Set(['429 rate_limit_exceeded told when']));
    expect(most(requests.answered, () => 1)).toBeLessThanOrEqual(RPM);
    expect(requests.answered.length).toBeGreaterThanOrEqual(0.95 * RPM * (RUN / MINUTE));
    expect(most(tokens.answered, (one) => one.tokens)).toBeLessThanOrEqual(TPM);
    expect(requests.answered.every(({ remaining }) => remaining >= 0 && remaining < RPM)).toBe(true);
  }, 600_000);
});

long('what was held for a request', () => {
  const stack = new Stack(short);
  beforeAll(() => stack.start('--gateways', '2', '--routers', '2', '--registries', '2', '--meterings', '2'), 240_000);
  afterAll(() => stack.remove());

  const streamed = { ...hello, stream: true };
  const kill = (service: string) => () => {
    process.kill(stack.file.processes.find((process) => process.service === service)!.pid, 'SIGKILL');
  };
  const early = { delayMs: 1_500 };
  const amid = { chunkDelayMs: 100 };
  const victims = ['gateway', 'inference-router', 'usage-metering', 'postgres', 'nats'];
  const nothing = () => undefined;
  const cases: [string, object, 'plain' | 'streamed', number | undefined, () => void][] = [
    ['the answer was whole', {}, 'streamed', undefined, nothing],
    ['the caller left before the first byte', early, 'plain', 300, nothing],
    ['the caller left amid the stream', amid, 'streamed', 800, nothing],
    ['the provider failed at once', { status: 500 }, 'plain', undefined, nothing],
    ['the provider failed amid the stream', { cutAfterChunks: 3 }, 'streamed', undefined, nothing],
    ['it timed out before the first byte', { hang: 'headers' }, 'plain', undefined, nothing],
    ['it timed out amid the stream', { chunkDelayMs: 2_000 }, 'streamed', undefined, nothing],
    ...victims.flatMap((victim): [string, object, 'plain' | 'streamed', undefined, () => void][] => [
      [`${victim} was killed before the first byte`, early, 'plain', undefined, kill(victim)],
      [`${victim} was killed amid the stream`, amid, 'streamed', undefined, kill(victim)],
      [`${victim} was killed after the last byte`, {}, 'streamed', undefined, kill(victim)],
    ]),
  ];

  async function ask(form: 'plain' | 'streamed', abortMs: number | undefined, turn: number): Promise<void> {
    const { gateways } = stack.file;
    const signal = AbortSignal.timeout(abortMs ?? 20_000);
    try {
      const body = form === 'plain' ? hello : streamed;
      await (await stack.chat(body, { signal, api: gateways[turn % gateways.length]! })).text();
    } catch {
      // Whatever became of the answer: what is looked at is what is held for it.
    }
  }

  test.each(cases)(
    'is held no more after %s',
    async (what, state, form, abortMs, strike) => {
      await eventually(async () => expect((await stack.chat(hello)).status).toBe(200), 60_000);
      await stack.control('near', state);
      const asked = Array.from({ length: 4 }, (_, turn) => ask(form, abortMs, turn));
      if (what.includes('after the last byte')) await Promise.all(asked);
      else await sleep(700);
      strike();
      await Promise.all(asked);
      await stack.control('near', {});
      await eventually(async () => expect((await stack.chat(hello)).status).toBe(200), 60_000);
      print(`${what}: nothing is held ${await untilNothingIsHeld(stack)} s later`);
    },
    300_000,
  );

  test('is in the books with no more than providers produced', async () => {
    await expectBooksAgree(stack);
    const sum = (all: readonly { promptTokens: number; completionTokens: number }[]) =>
      all.reduce((total, { promptTokens, completionTokens }) => total + promptTokens + completionTokens, 0);
    const charged = (await stack.usage()).filter(({ costNanoUsd }) => costNanoUsd > 0);
    const produced = sum(await generationsOf(stack));
    const [told, estimated] = [true, false].map((isTold) =>
      sum(charged.filter(({ countedBy }) => (countedBy === 'provider') === isTold)),
    ) as [number, number];
    print(`providers produced ${produced} tokens; charged by their figures ${told}, by our estimate ${estimated}`);
    expect(told).toBeLessThanOrEqual(produced);
  }, 120_000);
});

long('120 s of load while something is killed every 3 s', () => {
  const stack = new Stack(short);
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
  beforeAll(() => stack.start('--gateways', '2', '--routers', '2', '--registries', '2', '--meterings', '2'), 240_000);
  afterAll(() => stack.remove());

  test('leaves books that agree, and every answer that came whole paid once', async () => {
    let state = seed;
    const random = (below: number) => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) % below;
    await stack.credit(stack.file.demo.teamId, '1000');
    const load = new Load(stack, 20_000);
    const killed = new Map<string, number>();
    const until = performance.now() + 120_000;
    while (performance.now() < until) {
      await sleep(3_000);
      const mortal = stack.file.processes.filter(
        ({ service }) => !['providers', 'id-orgn', 'stripe'].includes(service),
      );
      const { pid, service } = mortal[random(mortal.length)]!;
      killed.set(service, (killed.get(service) ?? 0) + 1);
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It is being started anew.
      }
    }
    const { text } = load.turn();
    print(`seed ${seed}, killed ${JSON.stringify(Object.fromEntries(killed))}: ${text}`);
    await eventually(async () => expect((await stack.chat(hello)).status).toBe(200), 120_000);
    await load.end();
    print(await load.expectPaidOnce());
    print(`nothing is held ${await untilNothingIsHeld(stack)} s later`);
    await expectBooksAgree(stack);
  }, 900_000);
});
