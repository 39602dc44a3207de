import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PacedProvider } from './channel/paced-provider.ts';
import { readStream, type Streamed } from './channel/stream-reader.ts';
import { percentile, print, spread } from './figures.ts';
import { gauge } from './gauges.ts';
import { eventually, Stack, unbilled } from './stack.ts';

const isLong = process.env.TEST_LONG === '1';
const CANCELS = isLong ? 2_000 : 100;
const STREAMS = isLong ? 200 : 20;
/** Cancels that may be under way at once. */
const AT_ONCE = 40;
const GAP_MS = 50;
/** A cancelled stream would last for a minute. */
const ENDLESS = 1_200;
const CHUNKS = isLong ? 120 : 40;

const provider = new PacedProvider(GAP_MS, (name) => (name.startsWith('cancelled') ? ENDLESS : CHUNKS));
const stack = new Stack(unbilled);

beforeAll(async () => {
  stack.env.LOCAL_BASE_URL = await provider.listen();
  stack.env.MODELS_FILE = join(import.meta.dirname, '../../tools/bench/models.yaml');
  await stack.start('--routers', '3', '--no-restart');
}, 300_000);
afterAll(async () => {
  await stack.remove();
  await provider.close();
});

const named = (prefix: string) => stack.file.processes.filter(({ name }) => name.startsWith(prefix));
const streams = (word: string, count: number) =>
  Array.from({ length: count }, (_, at) => readStream(stack, `${word}-${at}`));
const descriptors = () =>
  [...named('gateway'), ...named('inference-router')].map(({ pid }) => readdirSync(`/proc/${pid}/fd`).length);

/** Begins a stream and leaves it at a random moment. @returns how long its provider worked on after that */
async function cancel(name: string): Promise<number | undefined> {
  const leave = new AbortController();
  const read = readStream(stack, name, leave.signal);
  await sleep(Math.random() * 1_000);
  const leftAt = performance.now();
  leave.abort();
  await read;
  const visit = provider.visits.get(name);
  if (!visit) return undefined;
  await eventually(() => expect(visit.abortedAt).toBeDefined());
  return visit.abortedAt! - Math.max(leftAt, visit.arrivedAt);
}

async function cancelAll(): Promise<number[]> {
  const took: number[] = [];
  let next = 0;
  const one = async () => {
    while (next < CANCELS) {
      next += 1;
      const ms = await cancel(`cancelled-${next}`);
      if (ms !== undefined) took.push(ms);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return took;
}

describe('requests cancelled at random moments', () => {
  test('are aborted at their provider at once, and no other stream notices', async () => {
    await Promise.all(streams('warm', STREAMS));
    const [handles, quiet] = [descriptors(), await Promise.all(streams('before', STREAMS))];
    const others = streams('beside', STREAMS);
    const took = await cancelAll();
    const beside = await Promise.all(others);
    const lateness = (all: Streamed[]) => all.flatMap((one) => one.lateness);
    print(
      `${CANCELS} requests cancelled beside ${STREAMS} streams: ${took.length} had reached the provider, aborted there after ${spread(took)}, ` +
        `at most ${Math.max(...took).toFixed(1)} ms; chunks of the others on their way ${spread(lateness(quiet))}, at most ` +
        `${Math.max(...lateness(quiet)).toFixed(1)} ms before, ${spread(lateness(beside))}, at most ${Math.max(...lateness(beside)).toFixed(1)} ms beside`,
    );
    expect(beside.filter(({ isWhole }) => !isWhole)).toEqual([]);
    await eventually(async () => {
      expect(await gauge(stack, 'orgn_router_channel_requests')).toBe(0);
      expect(await gauge(stack, 'orgn_router_held_bytes')).toBe(0);
      expect(await gauge(stack, 'orgn_edge_running_requests')).toBe(0);
    });
    print(`descriptors of gateway and routers: ${handles.join(', ')} before, ${descriptors().join(', ')} after`);
    if (!isLong) return;
    expect(percentile(took, 0.99)).toBeLessThanOrEqual(50);
    expect(percentile(lateness(beside), 0.999)).toBeLessThanOrEqual(percentile(lateness(quiet), 0.999) + 20);
  }, 300_000);
});

describe('one of three routers', () => {
  test.each(['SIGSTOP', 'SIGKILL'] as const)(
    'that gets %s ends what was under way on it within 5 s, charged once, and the others serve',
    async (signal) => {
      const router = named('inference-router').at(signal === 'SIGSTOP' ? -1 : -2)!;
      const under = streams(signal, 12);
      await sleep(1_000);
      const since = performance.now();
      process.kill(router.pid, signal);
      const meanwhile: Streamed[] = [];
      while (performance.now() - since < 3_000) meanwhile.push(...(await Promise.all(streams(`then-${signal}`, 4))));
      const all = await Promise.all(under);
      const lost = all.filter(({ isWhole }) => !isWhole);
      const endedMs = lost.map(({ endedAt }) => endedAt - since);
      print(
        `one of three routers, ${signal}: ${lost.length} of ${all.length} streams were on it, ended after ` +
          `${endedMs.map((ms) => ms.toFixed(0)).join(', ')} ms with ${[...new Set(lost.map(({ code }) => code))].join(', ')}; ` +
          `${meanwhile.filter(({ isWhole }) => isWhole).length} of ${meanwhile.length} that came later were whole`,
      );
      if (signal === 'SIGSTOP') process.kill(router.pid, 'SIGCONT');
      expect(lost.length).toBeGreaterThan(0);
      expect(Math.max(...endedMs)).toBeLessThanOrEqual(5_500);
      await eventually(async () => {
        const rows = await stack.usage();
        for (const { requestId } of all) expect(rows.filter((row) => row.requestId === requestId)).toHaveLength(1);
      }, 60_000);
    },
    120_000,
  );
});
