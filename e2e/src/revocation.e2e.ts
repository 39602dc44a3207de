import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { getKey, issueKey, verifyKey, withdrawKey, type KeyId, type TeamId } from '@orgn/contracts';
import type { Bus } from '@orgn/service-kit';
import { connectStackBus } from '@orgn/testing';
import { percentile, print, spread } from './figures.ts';
import { eventually, Stack, unbilled } from './stack.ts';
import { connections, send, SlowRequest } from './wire-request.ts';

const isLong = process.env.TEST_LONG === '1';
const rounds = { barrier: isLong ? 60 : 8, frozen: isLong ? 10 : 1, verify: isLong ? 2_000 : 300 };
const CALLERS_PER_GATEWAY = 2;
/** A tight loop would only measure how busy the machine is. */
const PAUSE_MS = 5;
const messages = [{ role: 'user', content: 'Hello' }];
const chatBody = JSON.stringify({ model: 'vercel_gpt_4o', messages });

interface LiveKey {
  id: KeyId;
  key: string;
}

/** A request to one gateway: when it was sent and answered, and with what; 0 for a connection that broke. */
interface Attempt {
  api: string;
  sentAt: number;
  answeredAt: number;
  status: number;
}

const stack = new Stack(unbilled);
let bus: Bus;
let teamId: TeamId;
let keys = 0;

beforeAll(async () => {
  await stack.start('--gateways', '3', '--registries', '2');
  const { demo } = stack.file;
  bus = await connectStackBus(stack.file.bus);
  teamId = demo.teamId as TeamId;
});
beforeEach(() => stack.control('near', {}));
afterAll(() => stack.remove());
afterAll(() => bus.connection.close());

const issue = (): Promise<LiveKey> => bus.ask(issueKey, { teamId, name: `barrier ${(keys += 1)}` });
const models = (api: string, key: string) => send(`${api}/v1/models`, { key }).catch(() => 0);
const chat = async (api: string, key: string): Promise<number> => {
  const response = await stack.chat({ model: 'vercel_gpt_4o', messages }, { api, key });
  await response.arrayBuffer();
  return response.status;
};
const isAccepted = ({ status }: Attempt) => status >= 200 && status < 300;

/** Calls all gateways with a key without a pause, one request in eight a whole chat, until it is ended. */
class Load {
  readonly attempts: Attempt[] = [];
  #isOver = false;
  readonly #callers: Promise<void>[];

  constructor(
    readonly key: string,
    readonly gateways = stack.file.gateways,
  ) {
    this.#callers = gateways.flatMap((api) => Array.from({ length: CALLERS_PER_GATEWAY }, () => this.#call(api)));
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#callers);
  }

  sentAfter(time: number): Attempt[] {
    return this.attempts.filter(({ sentAt }) => sentAt >= time);
  }

  /** Waits until every gateway has answered so many requests that were sent after a moment. */
  async answered(count: number, since = 0): Promise<void> {
    await eventually(() => {
      for (const api of this.gateways)
        expect(this.sentAfter(since).filter((attempt) => attempt.api === api).length).toBeGreaterThanOrEqual(count);
    });
  }

  async #call(api: string): Promise<void> {
    for (let index = 0; !this.#isOver; index += 1) {
      const sentAt = performance.now();
      const status = index % 8 === 0 ? await chat(api, this.key).catch(() => 0) : await models(api, this.key);
      this.attempts.push({ api, sentAt, answeredAt: performance.now(), status });
      await sleep(PAUSE_MS);
    }
  }
}

/** A stream under way that nobody ends; answers when it was cut, and what its last event said. */
async function openStream(api: string, key: string): Promise<{ cut: Promise<{ at: number; text: string }> }> {
  const response = await stack.chat({ model: 'near_qwen3_30b', messages, stream: true }, { api, key });
  expect(response.status).toBe(200);
  return { cut: response.text().then((text) => ({ at: performance.now(), text })) };
}

function expectCut(text: string): void {
  expect(text).toContain('"code":"key_revoked"');
  expect(text).not.toContain('[DONE]');
}

/** Revokes as the operator does. @returns milliseconds until the call returned, and the moment when it did */
async function revoke({ id }: LiveKey): Promise<{ tookMs: number; at: number }> {
  const since = performance.now();
  await bus.ask(withdrawKey, { id, reason: 'leaked' });
  const at = performance.now();
  return { tookMs: at - since, at };
}

describe('once a revocation has returned', () => {
  test(
    'no gateway accepts a request that is sent later, nor one whose body comes in later, and streams are cut',
    async () => {
      await stack.control('near', { chunkDelayMs: 500 });
      const [revokeMs, cutMs, late, trickled]: [number[], number[], Attempt[], number[]] = [[], [], [], []];
      for (let round = 0; round < rounds.barrier; round += 1) {
        const key = await issue();
        const { gateways } = stack.file;
        const load = new Load(key.key);
        const stream = await openStream(gateways[round % gateways.length]!, key.key);
        const slow = gateways.map((api) => new SlowRequest(`${api}/v1/chat/completions`, { ...key, body: chatBody }));
        await load.answered(3);
        const { tookMs, at } = await revoke(key);
        for (const request of slow) request.finish();
        trickled.push(...(await Promise.all(slow.map(({ status }) => status))));
        const cut = await stream.cut;
        expectCut(cut.text);
        await load.answered(3, at);
        await load.end();
        expect(load.attempts.filter(isAccepted).length).toBeGreaterThan(gateways.length);
        late.push(...load.sentAfter(at));
        revokeMs.push(tookMs);
        cutMs.push(Math.max(0, cut.at - at));
      }
      const passed = late.filter(isAccepted).length;
      print(
        `revocation barrier: ${rounds.barrier} revocations, 3 gateways, 2 registries: ${passed} of ${late.length} later ` +
          `requests and ${trickled.filter((status) => status < 400).length} of ${trickled.length} trickled bodies accepted; ` +
          `revoke ${spread(revokeMs)}; open streams cut ${spread(cutMs)} after its return`,
      );
      expect(passed).toBe(0);
      expect(new Set(late.map(({ status }) => status))).toEqual(new Set([401]));
      expect(new Set(trickled)).toEqual(new Set([401]));
      expect(percentile(cutMs, 1)).toBeLessThan(2_000);
    },
    isLong ? 600_000 : 60_000,
  );

  test(
    'a gateway that was stopped meanwhile accepts nothing when it goes on',
    async () => {
      await stack.control('near', { chunkDelayMs: 500 });
      const frozen = stack.file.processes.find(({ name }) => name === 'gateway-3')!;
      const api = stack.file.gateways[2]!;
      const late: number[] = [];
      for (let round = 0; round < rounds.frozen; round += 1) {
        const key = await issue();
        const load = new Load(key.key, [api]);
        const stream = await openStream(api, key.key);
        await load.answered(3);
        process.kill(frozen.pid, 'SIGSTOP');
        try {
          await revoke(key);
          // Sent after the revocation, to a gateway that has not heard of it.
          const sent = Array.from({ length: 10 }, () => models(api, key.key));
          await sleep(200);
          process.kill(frozen.pid, 'SIGCONT');
          late.push(...(await Promise.all(sent)));
        } finally {
          process.kill(frozen.pid, 'SIGCONT');
        }
        expectCut((await stream.cut).text);
        await load.end();
      }
      print(
        `revocation barrier, a gateway stopped: ${late.filter((status) => status < 400).length} of ${late.length} accepted`,
      );
      expect(new Set(late)).toEqual(new Set([401]));
    },
    isLong ? 300_000 : 60_000,
  );
});

/**
 * Longer than a gateway waits for the registry, twice: a question may have to wait for the one in flight before it is
 * asked itself. So some requests are both sent and answered meanwhile.
 */
const SILENCE_MS = 4_500;

/** Ends a server without a warning. @returns when it was last able to say anything */
async function takeDown(name: string): Promise<number> {
  const { pid } = stack.file.processes.find((process) => process.name === name)!;
  const downAt = performance.now();
  if (name === 'nats') {
    // It is back so soon that a caller may not notice: this makes sure that there is a time without it.
    process.kill(pid, 'SIGSTOP');
    await sleep(SILENCE_MS);
  }
  process.kill(pid, 'SIGKILL');
  return downAt;
}

/** Over the bus, at the API host, and by the operator's command; each answers 200 or 503, whatever it says it with. */
const waysToRevoke: ((key: LiveKey) => Promise<number>)[] = [
  (key) =>
    revoke(key).then(
      () => 200,
      (error: unknown) => ((error as { code?: string }).code === 'service_unavailable' ? 503 : 500),
    ),
  ({ key }) => send(`${stack.file.api}/v1/key/revoke`, { method: 'POST', key }),
  async ({ id }) => {
    const { code } = await stack.operator('keys', 'revoke', '--id', id, '--reason', 'leaked');
    return { 0: 200, 1: 503 }[code] ?? 500;
  },
];

describe.each(['nats', 'postgres'])('while %s is down', (name) => {
  test('no key gets a wrong answer, no revocation a false success, and what was committed holds after it', async () => {
    const [dead, good, ...doubtful] = [await issue(), await issue(), await issue(), await issue(), await issue()];
    await revoke(dead);
    const [ofDead, ofGood] = [new Load(dead.key), new Load(good.key)];
    await Promise.all([ofDead.answered(2), ofGood.answered(2)]);
    const down = takeDown(name);
    const revoking = doubtful.map((key, index) => waysToRevoke[index]!(key));
    const { gateways } = stack.file;
    const downAt = await down;
    const killedAt = performance.now();
    await eventually(async () => {
      const back = await Promise.all(gateways.map((gateway) => models(gateway, good.key)));
      expect(new Set(back)).toEqual(new Set([200]));
    }, 30_000);
    const healedMs = performance.now() - killedAt;
    const told = await Promise.all(revoking);
    await Promise.all([ofDead.end(), ofGood.end()]);

    const statuses = [ofDead, ofGood].map((load) => load.sentAfter(downAt).map(({ status }) => status));
    print(
      `${name} killed: healed after ${healedMs.toFixed(0)} ms; revoke said ${told.join(', ')}; ` +
        `a revoked key got ${countOf(statuses[0]!)}, a good one ${countOf(statuses[1]!)}`,
    );
    expect(told.filter((status) => status !== 200 && status !== 503)).toEqual([]);
    expect(statuses[0]!.filter((status) => status !== 401 && status !== 503)).toEqual([]);
    expect(statuses[1]!.filter((status) => status !== 200 && status !== 503)).toEqual([]);
    expect(statuses[1]).toContain(503);
    if (name === 'nats') {
      const meanwhile = ofGood.sentAfter(downAt).filter(({ answeredAt }) => answeredAt < killedAt);
      expect(meanwhile.map(({ status }) => status).filter((status) => status !== 503)).toEqual([]);
    }
    for (const [index, key] of doubtful.entries()) await expectCommitted(key, told[index]!);
  }, 90_000);
});

/** What was told as done is done; whatever else was committed, all gateways say the same as the registry. */
async function expectCommitted({ id, key }: LiveKey, told: number): Promise<void> {
  const { state } = await bus.ask(getKey, { teamId, id });
  if (told === 200) expect(state).toBe('revoked');
  const said = await Promise.all(stack.file.gateways.map((api) => models(api, key)));
  expect(new Set(said)).toEqual(new Set([state === 'revoked' ? 401 : 200]));
}

function countOf(statuses: readonly number[]): string {
  const counts = new Map<number, number>();
  for (const status of statuses) counts.set(status, (counts.get(status) ?? 0) + 1);
  return JSON.stringify(Object.fromEntries(counts));
}

describe('verification', () => {
  /** So many at the same time. @returns durations in milliseconds */
  const measure = async (count: number, work: () => Promise<unknown>): Promise<number[]> => {
    const took: number[] = [];
    const call = async () => {
      while (took.length < rounds.verify / SLICES) {
        const since = performance.now();
        await work();
        took.push(performance.now() - since);
      }
    };
    await Promise.all(Array.from({ length: count }, call));
    return took;
  };
  /** What is compared takes turns, so that whatever else the machine does hits all of it. */
  const SLICES = 5;

  test.each([1, 64])('adds little to a request, on %d connections', async (count) => {
    const { api, demo } = stack.file;
    const digest = createHash('sha256').update(demo.key).digest('base64url');
    // The same endpoint, refused by the key's form: all of a request but the question to the registry.
    const malformed = `${demo.key.slice(0, -1)}${demo.key.endsWith('a') ? 'b' : 'a'}`;
    const agent = connections(count);
    const [asked, unasked, questions]: [number[], number[], number[]] = [[], [], []];
    for (let slice = 0; slice <= SLICES; slice += 1) {
      // The first slice warms up.
      if (slice === 1) for (const durations of [asked, unasked, questions]) durations.length = 0;
      asked.push(...(await measure(count, () => send(`${api}/v1/models`, { key: demo.key, agent }))));
      unasked.push(...(await measure(count, () => send(`${api}/v1/models`, { key: malformed, agent }))));
      questions.push(...(await measure(count, () => bus.ask(verifyKey, { digest }))));
    }
    agent.destroy();
    const addedMs = percentile(asked, 0.5) - percentile(unasked, 0.5);
    print(
      `verify on ${count} connection(s): GET /v1/models ${spread(asked)}; refused by form, without a question, ` +
        `${spread(unasked)}; added at the median ${addedMs.toFixed(2)} ms; the question alone ${spread(questions)}`,
    );
    expect(addedMs).toBeLessThan(count === 1 ? 20 : 200);
  });
});
