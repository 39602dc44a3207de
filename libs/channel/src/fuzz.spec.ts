import { describe, expect, test } from '@jest/globals';
import { FrameBatch } from './frames/frame-batch.ts';
import { frameTypes, type FrameName } from './frames/frame-types.ts';
import { versions, writeGreeting } from './frames/greeting.ts';
import { writeAnswerHead, writeRequestHead, writeTrailers } from './frames/heads.ts';
import { GatewayConnection } from './gateway/gateway-connection.ts';
import { writeCredit } from './link/credit.ts';
import { RouterConnection } from './router/router-connection.ts';
import { makeReceiver } from './testing/told.ts';
import { turns } from './testing/pair.ts';
import { makeWire } from './testing/wire.ts';

const FUZZ_MS = process.env.TEST_LONG === '1' ? 120_000 : 700;

/** Numbers that are the same again for the same seed (mulberry32). */
function randomBy(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const names = Object.keys(frameTypes) as FrameName[];
const payloads: Record<FrameName, (random: (below: number) => number) => Buffer> = {
  greeting: () => writeGreeting({ ...versions, credit: 100, requests: 10, name: 'f' }),
  request: (random) => writeRequestHead({ path: '/v1/x', headers: { 'x-ollm-raw': 'true' }, bodyBytes: random(300) }),
  answer: () => writeAnswerHead({ status: 200, headers: { 'content-type': 'a/b' } }),
  end: () => writeTrailers({}),
  credit: (random) => writeCredit(random(3) === 0 ? 0x7fff_ffff : random(200)),
  body: (random) => Buffer.alloc(random(120)),
  data: (random) => Buffer.alloc(random(120)),
  cancel: () => Buffer.alloc(0),
  refused: () => Buffer.alloc(0),
  heartbeat: () => Buffer.alloc(0),
  drain: () => Buffer.alloc(0),
  close: () => Buffer.from('\0bye'),
};

/** Bytes that are frames for the most part, with a few of them wrong. */
function makeBytes(random: (below: number) => number): Buffer {
  const batch = new FrameBatch();
  batch.add('greeting', 0, payloads.greeting(random));
  for (let count = random(20); count > 0; count -= 1) {
    const name = names[random(names.length)] as FrameName;
    batch.add(name, frameTypes[name].of === 'connection' ? 0 : random(6), payloads[name](random));
  }
  const bytes = batch.take();
  for (let count = random(4); count > 0; count -= 1) bytes[random(bytes.length)] = random(256);
  return bytes.subarray(0, random(4) === 0 ? random(bytes.length) : bytes.length);
}

async function once(seed: number): Promise<void> {
  const random = randomBy(seed);
  const wires = [makeWire((bytes) => 1 + random(bytes)), makeWire((bytes) => 1 + random(bytes))] as const;
  const ends = { router: 0, gateway: 0 };
  const router = new RouterConnection(
    wires[0].router,
    {
      name: 'r',
      take: (request) => {
        void request.body();
        request.onClose(() => undefined);
        if (random(3) === 0) request.refuse();
        else request.begin(200, {});
        request.write(Buffer.alloc(random(300)));
        if (random(2) === 0) request.end(Buffer.alloc(3));
      },
    },
    () => (ends.router += 1),
  );
  const gateway: GatewayConnection = new GatewayConnection(
    wires[1].gateway,
    { name: 'g' },
    { ready: () => ask(), draining: () => undefined, closed: () => (ends.gateway += 1) },
  );
  const receivers = Array.from({ length: 4 }, () => makeReceiver());
  const ask = () => {
    const asked = { path: '/v1/x', headers: {}, body: Buffer.alloc(random(500)) };
    for (const { receiver } of receivers) if (gateway.load < 1) gateway.post(asked, receiver);
  };
  wires[0].gateway.write(makeBytes(random));
  wires[1].router.write(makeBytes(random));
  await turns(3);
  router.close();
  gateway.close();
  await turns(2);
  expect([ends.router, ends.gateway, router.openRequests, gateway.openRequests]).toEqual([1, 1, 0, 0]);
  for (const { told } of receivers) expect(told.ends).toBeLessThanOrEqual(1);
}

describe('bytes of any kind', () => {
  test('end a connection once, with all that was under way on it, and never the process', async () => {
    const first = Date.now();
    let slowest = 0;
    let seed = first;
    for (; Date.now() - first < FUZZ_MS; seed += 1) {
      const before = performance.now();
      try {
        await once(seed);
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      }
      slowest = Math.max(slowest, performance.now() - before);
    }
    if (process.env.TEST_LONG === '1')
      process.stdout.write(`channel fuzz: ${seed - first} runs, slowest ${slowest.toFixed(1)} ms\n`);
    expect(seed - first).toBeGreaterThan(10);
  }, 300_000);
});
