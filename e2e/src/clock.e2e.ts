import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually, freePort } from '@orgn/testing';
import { print, spread } from './figures.ts';
import { Stack, unbilled } from './stack.ts';

const MINUTE_MS = 60_000;
const REQUESTS = 24;
/** The pool of the database is shared with the stack's own replicas. */
const shifted = ['gateway', 'key-registry', 'inference-router', 'usage-metering'] as const;

const stack = new Stack(unbilled);
const children: ChildProcess[] = [];

beforeAll(() => stack.start(), 120_000);
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await stack.remove();
});

/** A process whose clock is wrong: every `Date` in it. */
const preload = (ms: number) =>
  `data:text/javascript,${encodeURIComponent(`
    const Right = Date;
    globalThis.Date = class extends Right {
      constructor(...parts) { parts.length === 0 ? super(Right.now() + ${ms}) : super(...parts); }
      static now() { return Right.now() + ${ms}; }
    };`)}`;

/** Starts one more replica of a service, as the stack started its first, but by another clock. */
async function startShifted(service: string, ms: number): Promise<{ url: string; instance: string }> {
  const { pid } = stack.file.processes.find((process) => process.service === service)!;
  const own = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean);
  const env = Object.fromEntries(own.map((pair) => [pair.split('=')[0]!, pair.slice(pair.indexOf('=') + 1)]));
  const [node, ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean);
  const [http, ops] = [String(await freePort()), String(await freePort())];
  const instance = `${service}-${ms < 0 ? 'behind' : 'ahead'}`;
  const advertised = env.ADVERTISED_URL?.replace(/:\d+$/, `:${http}`);
  const changed = { ...env, INSTANCE: instance, OPS_PORT: ops, HTTP_PORT: http };
  const all = { ...changed, ...(advertised !== undefined && { ADVERTISED_URL: advertised }) };
  const child = spawn(node!, ['--import', preload(ms), ...args], { env: all, stdio: 'ignore' });
  children.push(child);
  await eventually(async () => expect((await fetch(`http://127.0.0.1:${ops}/health`)).status).toBe(200), {
    timeoutMs: 30_000,
  });
  return { url: `http://127.0.0.1:${http}`, instance };
}

const hello = { model: 'near_qwen3_30b', messages: [{ role: 'user', content: 'Hello' }] };
const summary = async (sinceMs: number) => {
  const since = new Date(sinceMs).toISOString();
  const ended = await stack.operator('usage', 'summary', '--team', stack.file.demo.teamId, '--since', since, '--json');
  return (JSON.parse(ended.stdout) as { requests: number }).requests;
};

describe.each([
  ['behind', -10 * MINUTE_MS],
  ['ahead', 10 * MINUTE_MS],
])('one process of each service whose clock is ten minutes %s', (_way, ms) => {
  test('serves as the others do, and no row, window or charge goes by its clock', async () => {
    const started: Awaited<ReturnType<typeof startShifted>>[] = [];
    for (const service of shifted) started.push(await startShifted(service, ms));
    const before = Date.now();
    const durations: number[] = [];
    const ids: string[] = [];
    for (let n = 0; n < REQUESTS; n += 1) {
      const api = n % 2 === 0 ? started[0]!.url : stack.file.api;
      const sentAt = performance.now();
      const response = await stack.chat({ ...hello, stream: n % 3 === 0 }, { api });
      await response.text();
      durations.push(performance.now() - sentAt);
      expect(response.status).toBe(200);
      ids.push(response.headers.get('x-request-id')!);
    }
    const after = Date.now();
    await eventually(async () => expect(await summary(before - 1_000)).toBe(REQUESTS));
    expect(await summary(after + 5_000)).toBe(0);
    const rows = (await stack.usage()) as unknown as { requestId: string; startedAt: string; instance: string }[];
    const mine = rows.filter(({ requestId }) => ids.includes(requestId));
    expect(mine).toHaveLength(REQUESTS);
    for (const { startedAt } of mine) {
      expect(Date.parse(startedAt)).toBeGreaterThan(before - 5_000);
      expect(Date.parse(startedAt)).toBeLessThan(after + 5_000);
    }
    expect(new Set(mine.map(({ instance }) => instance))).toContain(started[2]!.instance);
    print(`clock ${ms / MINUTE_MS} min: ${REQUESTS} of ${REQUESTS} answered, ${spread(durations)}`);
    for (const child of children.splice(0)) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    // The next test counts from here on.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
  }, 120_000);
});
