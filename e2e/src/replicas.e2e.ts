import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually, isAlive, Stack } from './stack.ts';

const EVERY_MS = 50;
const BEFORE_MS = 500;
const AFTER_MS = 2_500;
const stack = new Stack();
const messages = [{ role: 'user', content: 'Say a few words' }];

beforeAll(async () => {
  await stack.start('--routers', '2', '--registries', '2', '--meterings', '2');
  // Long enough that every kill finds requests and streams on their way.
  await stack.control('near', { delayMs: 150, chunkDelayMs: 60 });
}, 300_000);
afterAll(() => stack.remove());

const named = (name: string) => stack.file.processes.find((process) => process.name === name);
const pidOf = (name: string) => named(name)!.pid;

interface Outcome {
  /** `ok`, `broken` for a stream that had begun, or what else came of it. */
  kind: string;
  ms: number;
}

async function ask(stream: boolean): Promise<Outcome> {
  const from = performance.now();
  const end = (kind: string) => ({ kind, ms: performance.now() - from });
  try {
    const response = await stack.chat({ model: 'near_qwen3_30b', messages, stream, max_tokens: 20 });
    const text = await response.text();
    if (response.status !== 200) return end(`${response.status} ${text.slice(0, 200)}`);
    return end(stream && !text.includes('[DONE]') ? 'broken' : 'ok');
  } catch (error) {
    return end(String(error));
  }
}

/** A request every 50 ms, each third a stream, while something is done to a process. */
async function trickle(act: () => void, name: string) {
  const outcomes: Promise<Outcome>[] = [];
  const timer = setInterval(() => void outcomes.push(ask(outcomes.length % 3 === 0)), EVERY_MS);
  await sleep(BEFORE_MS);
  const from = performance.now();
  const pid = pidOf(name);
  act();
  await eventually(() => expect(isAlive(pid)).toBe(false));
  const endedMs = performance.now() - from;
  await eventually(() => expect(named(name)?.pid ?? pid).not.toBe(pid));
  const backMs = performance.now() - from;
  await sleep(AFTER_MS);
  clearInterval(timer);
  const all = await Promise.all(outcomes);
  const failed = all.filter(({ kind }) => kind !== 'ok' && kind !== 'broken').map(({ kind }) => kind);
  const broken = all.filter(({ kind }) => kind === 'broken').length;
  const slowest = Math.max(...all.map(({ ms }) => ms));
  return { all: all.length, failed, broken, slowest, endedMs, backMs };
}

const ms = (value: number) => `${Math.round(value)} ms`;
function show(words: string, { all, failed, broken, slowest, endedMs, backMs }: Awaited<ReturnType<typeof trickle>>) {
  process.stdout.write(
    `${words}: ${all} requests, ${failed.length} failed, ${broken} streams broken, slowest ${ms(slowest)}; ended after ${ms(endedMs)}, back after ${ms(backMs)}\n`,
  );
}

describe('one of two', () => {
  test.each([
    ['inference-router-1', 'SIGTERM'],
    ['inference-router-2', 'SIGKILL'],
    ['key-registry-1', 'SIGTERM'],
    ['key-registry-2', 'SIGKILL'],
    // One of the two holds the team's money, and hands it over.
    ['usage-metering-1', 'SIGTERM'],
    ['usage-metering-2', 'SIGTERM'],
  ] as const)(
    '%s that gets %s costs no request',
    async (name, signal) => {
      const seen = await trickle(() => process.kill(pidOf(name), signal), name);
      show(`${name}, ${signal}`, seen);
      expect(seen.failed).toEqual([]);
      // A stream that a killed router had begun cannot go on elsewhere; any other ends whole.
      if (signal !== 'SIGKILL' || !name.startsWith('inference')) expect(seen.broken).toBe(0);
    },
    60_000,
  );
});

describe('a graceful stop', () => {
  test.each(['inference-router-1', 'inference-router-2', 'gateway-1'])(
    'of %s with streams on their way lasts until the last of them has ended, and says so',
    async (name) => {
      await stack.control('near', { chunkDelayMs: 150 });
      const streams = Array.from({ length: 4 }, async () => {
        const { kind } = await ask(true);
        return { kind, at: performance.now() };
      });
      await sleep(1_000);
      const { pid, logFile } = named(name)!;
      const from = readFileSync(logFile, 'utf8').length;
      process.kill(pid, 'SIGTERM');
      const gone = eventually(() => expect(isAlive(pid)).toBe(false)).then(() => performance.now());
      const ended = await Promise.all(streams);
      expect(ended.map(({ kind }) => kind)).toEqual(['ok', 'ok', 'ok', 'ok']);
      const lateMs = (await gone) - Math.max(...ended.map(({ at }) => at));
      process.stdout.write(`${name} ended ${ms(lateMs)} after the last stream\n`);
      expect(lateMs).toBeLessThan(5_000);
      const log = readFileSync(logFile, 'utf8').slice(from);
      expect(log).toMatch(/"requests":[1-9].*"msg":"service stopping"/);
      expect(log).toContain('service stopped');
      expect(log).not.toContain('cut off');
      await eventually(() => expect(named(name)?.pid ?? pid).not.toBe(pid));
    },
    60_000,
  );
});
