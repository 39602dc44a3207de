import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AskedRequest } from './gateway/asked-request.ts';
import type { TakenRequest } from './router/taken-request.ts';
import { makePair, turns, type Pair } from './testing/pair.ts';
import { makeReceiver, type Told } from './testing/told.ts';

const CREDIT = 1_000;

/** One request as the model knows it: what was said at either end, and nothing of how it is carried. */
interface Known {
  asked: AskedRequest;
  told: Told;
  sent: Buffer;
  taken?: TakenRequest;
  body?: Buffer | undefined;
  isBodyTaken: boolean;
  written: Buffer[];
  last?: 'end' | 'abort' | 'refuse';
  isCancelled: boolean;
  isPaused: boolean;
  /** How much the receiver had been given when it paused. */
  pausedAt: number;
}

type Step = (run: Run) => unknown;

class Run {
  readonly known: Known[] = [];
  #written = 0;

  constructor(readonly pair: Pair) {}

  post(bytes: number): void {
    if (this.pair.gateway.load >= 1) return;
    const { told, receiver } = makeReceiver();
    const sent = Buffer.alloc(bytes, this.known.length + 1);
    const headers = { 'x-request-id': String(this.known.length) };
    const asked = this.pair.gateway.post({ path: '/v1/x', headers, body: sent }, receiver);
    const fresh = { isBodyTaken: false, isCancelled: false, isPaused: false, pausedAt: 0 };
    this.known.push({ asked, told, sent, written: [], ...fresh });
  }

  take(request: TakenRequest): void {
    const known = this.known[Number(request.head.headers['x-request-id'])];
    if (known) known.taken = request;
  }

  takeBody(known: Known): void {
    if (!known.taken || known.isBodyTaken) return;
    known.isBodyTaken = true;
    void known.taken.body().then((body) => (known.body = body));
  }

  write({ taken, written, last }: Known, bytes: number): void {
    if (!taken || last || taken.isClosed) return;
    taken.begin(200, { 'x-ollm-model': 'm' });
    const piece = Buffer.alloc(bytes, (this.#written += 1));
    written.push(piece);
    taken.write(piece);
  }

  end(known: Known): void {
    const { taken } = known;
    if (!taken || known.last || taken.isClosed) return;
    taken.begin(200, { 'x-ollm-model': 'm' });
    taken.end(Buffer.alloc(0), { 'x-orgn-withheld': 'seal' });
    known.last = 'end';
  }

  giveUp(known: Known, how: 'abort' | 'refuse'): void {
    const { taken } = known;
    if (!taken || taken.isClosed || (how === 'refuse' && (taken.hasBegun || known.last))) return;
    known.last = how;
    taken[how]();
  }

  cancel(known: Known): void {
    if (known.told.ends > 0) return;
    known.isCancelled = true;
    known.asked.abort();
  }

  pause(known: Known, isPaused: boolean): void {
    if (isPaused && !known.isPaused) known.pausedAt = known.told.bytes.length;
    known.isPaused = isPaused;
    if (isPaused) known.asked.pause();
    else known.asked.resume();
  }
}

const on = (step: (run: Run, known: Known) => void) =>
  fc.nat(5).map((index): Step => (run) => {
    const known = run.known[index % Math.max(run.known.length, 1)];
    if (known) step(run, known);
  });
const onWith = (most: number, step: (run: Run, known: Known, bytes: number) => void) =>
  fc.tuple(fc.nat(5), fc.nat(most)).map(([index, bytes]): Step => (run) => {
    const known = run.known[index % Math.max(run.known.length, 1)];
    if (known) step(run, known, bytes);
  });

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.nat(3_000).map(
      (bytes): Step =>
        (run) =>
          run.post(bytes),
    ),
  },
  { weight: 5, arbitrary: fc.constant<Step>(() => turns(1)) },
  { weight: 2, arbitrary: on((run, known) => run.takeBody(known)) },
  { weight: 6, arbitrary: onWith(2_500, (run, known, bytes) => run.write(known, bytes)) },
  { weight: 2, arbitrary: on((run, known) => run.end(known)) },
  { weight: 1, arbitrary: on((run, known) => run.giveUp(known, 'abort')) },
  { weight: 1, arbitrary: on((run, known) => run.giveUp(known, 'refuse')) },
  { weight: 2, arbitrary: on((run, known) => run.cancel(known)) },
  { weight: 1, arbitrary: on((run, known) => run.pause(known, true)) },
  { weight: 1, arbitrary: on((run, known) => run.pause(known, false)) },
);

/** Nobody is given more than the credit allows, however it pauses. */
function requireBounds({ known }: Run): void {
  for (const { told, isPaused, pausedAt } of known) {
    if (isPaused) expect(told.bytes.length - pausedAt).toBeLessThanOrEqual(CREDIT);
  }
}

function requireTold({ told, written, last, isCancelled, sent, body }: Known): void {
  const all = Buffer.concat(written);
  // Compared as a whole: a matcher would print, and walk, every byte.
  expect(all.subarray(0, told.bytes.length).equals(told.bytes)).toBe(true);
  if (body) expect(body.equals(sent)).toBe(true);
  if (isCancelled) return expect(told.ends).toBe(0);
  expect(told.ends).toBe(1);
  if (last === 'end') {
    expect([told.bytes.length, told.trailers, told.error]).toEqual([
      all.length,
      { 'x-orgn-withheld': 'seal' },
      undefined,
    ]);
    expect([told.status, told.headers]).toEqual([200, { 'x-ollm-model': 'm' }]);
  } else {
    expect([told.wasSent, told.trailers]).toEqual([last === 'abort', undefined]);
  }
}

async function settled({ gateway, router }: Pair): Promise<void> {
  for (let turn = 0; turn < 200 && gateway.openRequests + router.openRequests > 0; turn += 1) await turns();
}

async function run(steps: readonly Step[], cuts: readonly number[], credit = CREDIT): Promise<void> {
  let cut = 0;
  const nextCut = () => cuts[(cut += 1) % Math.max(cuts.length, 1)] ?? Infinity;
  const pair = await makePair({
    cut: nextCut,
    take: (request) => it.take(request),
    gateway: { greeting: { credit: CREDIT } },
    router: { greeting: { credit, requests: 4 } },
  });
  const it = new Run(pair);
  for (const each of steps) {
    await each(it);
    requireBounds(it);
  }
  await turns();
  for (const known of it.known) {
    it.pause(known, false);
    it.takeBody(known);
    it.end(known);
  }
  await settled(pair);
  expect([pair.gateway.openRequests, pair.router.openRequests, pair.ends]).toEqual([0, 0, {}]);
  for (const known of it.known) requireTold(known);
  pair.gateway.close();
  await turns();
  expect([pair.ends.gateway?.code, pair.ends.router?.code]).toEqual(['done', 'done']);
}

describe('whatever gateways and routers do, in any order', () => {
  const numRuns = process.env.TEST_LONG === '1' ? 20_000 : 300;

  test('what arrives is what was said, as far as it was, and nothing is left', async () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), cuts, (steps, sizes) => run(steps, sizes)),
      { numRuns },
    );
  }, 900_000);

  test('also when it arrives byte by byte, and no body has credit before it is taken', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), (steps) => run(steps, [1], 0)),
      { numRuns: numRuns / 10 },
    );
  }, 900_000);
});

describe('a request that is given up', () => {
  const told = async (atTurn: number) => {
    const pair = await makePair({
      take: (request) => {
        void request.body().then(() => {
          request.begin(200, {});
          request.write(Buffer.alloc(1_500, 'x'));
          request.end(Buffer.alloc(1_500, 'y'));
        });
      },
      gateway: { greeting: { credit: CREDIT } },
      router: { greeting: { credit: 10 } },
    });
    const [one, other] = [makeReceiver(), makeReceiver()];
    const asked = pair.gateway.post({ path: '/v1/x', headers: {}, body: Buffer.alloc(50) }, one.receiver);
    pair.gateway.post({ path: '/v1/x', headers: {}, body: Buffer.alloc(50) }, other.receiver);
    await turns(atTurn);
    const ends = one.told.ends;
    asked.abort();
    await turns(40);
    expect([pair.gateway.openRequests, pair.router.openRequests, pair.ends]).toEqual([0, 0, {}]);
    expect([other.told.bytes.length, other.told.ends]).toEqual([3_000, 1]);
    expect(one.told.ends).toBe(ends);
    pair.gateway.close();
    return one.told.bytes.length;
  };

  test('at any point hears nothing more, and nothing else is touched', async () => {
    const lengths: number[] = [];
    for (let turn = 0; turn < 30; turn += 1) lengths.push(await told(turn));
    expect([lengths.at(0), lengths.at(-1)]).toEqual([0, 3_000]);
  });
});
