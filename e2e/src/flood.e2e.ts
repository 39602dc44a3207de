import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { percentile, print, spread } from './figures.ts';
import { Customers, type Served } from './flood/customers.ts';
import { cpuMs } from './flood/process-cost.ts';
import { flood, type FloodReport } from './flood/strangers.ts';
import { Stack, unbilled } from './stack.ts';

const isLong = process.env.TEST_LONG === '1';
const BEFORE_MS = isLong ? 20_000 : 3_000;
const FLOOD_SECONDS = isLong ? 60 : 5;
/** CPU time of all processes together that a stranger may cost, in microseconds. */
const MOST_US = 500;
const LEAST_RATE = 300;

const stack = new Stack(unbilled);

beforeAll(() => stack.start());
afterAll(() => stack.remove());

const ask = (key?: string) =>
  stack.chat(
    { model: 'near_qwen3_30b', messages: [{ role: 'user', content: 'Hello' }], max_tokens: 5 },
    key === undefined ? {} : { key },
  );

/** A key that no gateway has seen. */
async function newKey(): Promise<string> {
  const ended = await stack.operator('keys', 'create', '--team', stack.file.demo.teamId, '--name', 'new', '--json');
  return (JSON.parse(ended.stdout) as { key: string }).key;
}

interface Outcome {
  before: Served;
  during: Served;
  report: FloodReport;
  /** Of the requests with keys that were new, each the first of its key. */
  firsts: number[];
  /** CPU time of all processes for one stranger, in microseconds. */
  strangerUs: number;
}

async function endure(networks: number): Promise<Outcome> {
  const keys = [await newKey(), await newKey(), await newKey()];
  const pids = stack.file.processes.map(({ pid }) => pid);
  const customers = new Customers(() => ask(), 20);
  customers.begin();
  await delay(2_000);
  customers.take();
  const [cpu0, at0] = [cpuMs(pids), performance.now()];
  await delay(BEFORE_MS);
  const [cpu1, at1, before] = [cpuMs(pids), performance.now(), customers.take()];
  const order = { url: stack.file.api, seconds: FLOOD_SECONDS, core: 0.5, connections: 64, networks, begun: 65_536 };
  const strangers = flood(order);
  await delay(2_000);
  const firsts = await Promise.all(
    keys.map((key) => ask(key).then(async (response) => (await response.text(), response.status))),
  );
  const report = await strangers;
  const [cpu2, at2] = [cpuMs(pids), performance.now()];
  await customers.end();
  const customersMs = ((cpu1 - cpu0) / (at1 - at0)) * (at2 - at1);
  const strangerUs = ((cpu2 - cpu1 - customersMs) * 1_000) / report.strangers;
  return { before, during: customers.take(), report, firsts, strangerUs };
}

describe('a flood of strangers who begin to send 8 MiB under made-up keys', () => {
  test.each([
    ['many networks', 120],
    ["the customers' own network", 0],
  ])('from %s costs little, and no customer is refused', async (name, networks) => {
    const { before, during, report, firsts, strangerUs } = await endure(networks);
    const rate = report.strangers / report.seconds;
    print(
      `flood from ${name}: ${report.strangers} strangers in ${report.seconds.toFixed(0)} s, ${rate.toFixed(0)} a second with ` +
        `${(report.cpuSeconds / report.seconds).toFixed(2)} of a core, answered ${JSON.stringify(report.statuses)}, ` +
        `${report.resets} reset; ${strangerUs.toFixed(0)} us of CPU each; customers ${spread(before.durations)} before, ` +
        `${spread(during.durations)} during, ${during.failures.length} of ${during.durations.length} refused; new keys ${firsts.join(', ')}`,
    );
    expect(Object.keys(report.statuses).filter((status) => !['401', '429'].includes(status))).toEqual([]);
    expect([report.resets, report.silent]).toEqual([0, 0]);
    expect([...before.failures, ...during.failures]).toEqual([]);
    expect(firsts).toEqual([200, 200, 200]);
    if (!isLong) return;
    expect(rate).toBeGreaterThanOrEqual(LEAST_RATE);
    expect(strangerUs).toBeLessThanOrEqual(MOST_US);
    expect(percentile(during.durations, 0.99)).toBeLessThanOrEqual(2 * percentile(before.durations, 0.99));
  });
});
