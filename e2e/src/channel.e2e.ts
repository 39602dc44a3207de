import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { expectLostSoon } from './channel/lost-streams.ts';
import { PacedProvider } from './channel/paced-provider.ts';
import { callAll, type CallersReport } from './channel/stream-callers.ts';
import { readStream, type Streamed } from './channel/stream-reader.ts';
import { percentile, print, spread } from './figures.ts';
import { gauge } from './gauges.ts';
import { eventually, Stack, unbilled } from './stack.ts';

const isLong = process.env.TEST_LONG === '1';
const CANCELS = isLong ? 2_000 : 100;
const STREAMS = isLong ? 200 : 20;
/** Cancels that may be under way at once. */
const AT_ONCE = 40;
/** The streams beside last as long as all cancels take. */
const PACE = { gapMs: 50, chunks: isLong ? 600 : 60 };

const provider = new PacedProvider();
const stack = new Stack(unbilled);

beforeAll(async () => {
  stack.env.LOCAL_BASE_URL = await provider.listen(PACE);
  stack.env.MODELS_FILE = join(import.meta.dirname, '../../tools/bench/models.yaml');
  await stack.start('--routers', '3', '--no-restart');
}, 300_000);
afterAll(async () => {
  await stack.remove();
  provider.close();
});

const named = (prefix: string) => stack.file.processes.filter(({ name }) => name.startsWith(prefix));
const streams = (word: string, count: number) =>
  Array.from({ length: count }, (_, at) => readStream(stack, `${word}-${at}`));
const descriptors = () =>
  [...named('gateway'), ...named('inference-router')].map(({ pid }) => readdirSync(`/proc/${pid}/fd`).length);
const call = (name: string, cancels = 0) =>
  callAll(stack, { name, streams: STREAMS, cancels, atOnce: Math.min(cancels, AT_ONCE) });
const latenessOf = (report: CallersReport) => report.streams.flatMap(({ lateness }) => lateness);
const most = (values: readonly number[]) => `${spread(values)}, at most ${percentile(values, 1).toFixed(1)} ms`;

/** For how long providers worked on after their callers had left, of those that were asked. All of them stop. */
async function abortedAfter({ left }: CallersReport): Promise<number[]> {
  return eventually(async () => {
    const visits = await provider.visits();
    const reached = Object.entries(left).flatMap(([name, leftAt]) => {
      const visit = visits.get(name);
      return visit ? [{ leftAt, ...visit }] : [];
    });
    expect(reached.filter(({ abortedAt }) => abortedAt === undefined)).toEqual([]);
    return reached.map(({ leftAt, arrivedAt, abortedAt }) => abortedAt! - Math.max(leftAt, arrivedAt));
  });
}

describe('requests cancelled at random moments', () => {
  test('are aborted at their provider at once, and no other stream notices', async () => {
    await call('warm');
    const [handles, quiet] = [descriptors(), await call('before')];
    const beside = await call('beside', CANCELS);
    const took = await abortedAfter(beside);
    print(
      `${CANCELS} requests cancelled beside ${STREAMS} streams: ${took.length} had reached the provider, aborted there after ` +
        `${most(took)}; chunks of the others on their way ${most(latenessOf(quiet))} before, ` +
        `${most(latenessOf(beside))} beside, while their callers themselves were late by at most ${beside.lateMs.toFixed(1)} ms`,
    );
    expect(beside.streams.filter(({ isWhole }) => !isWhole)).toEqual([]);
    await eventually(async () => {
      expect(await gauge(stack, 'orgn_router_channel_requests')).toBe(0);
      expect(await gauge(stack, 'orgn_router_held_bytes')).toBe(0);
      expect(await gauge(stack, 'orgn_edge_running_requests')).toBe(0);
    });
    print(`descriptors of gateway and routers: ${handles.join(', ')} before, ${descriptors().join(', ')} after`);
    if (!isLong) return;
    expect(percentile(took, 0.99)).toBeLessThanOrEqual(50);
    expect(percentile(latenessOf(beside), 0.999)).toBeLessThanOrEqual(percentile(latenessOf(quiet), 0.999) + 20);
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
      if (signal === 'SIGSTOP') process.kill(router.pid, 'SIGCONT');
      print(
        `one of three routers, ${signal}: ${await expectLostSoon(stack, all, since)}; ` +
          `${meanwhile.filter(({ isWhole }) => isWhole).length} of ${meanwhile.length} that came later were whole`,
      );
    },
    120_000,
  );
});
