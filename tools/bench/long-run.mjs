import { setTimeout as sleep } from 'node:timers/promises';
import { burst } from './load.mjs';
import { memoryMb } from './processes.mjs';
import { median } from './statistics.mjs';

const everyMs = 10_000;

/**
 * Loads a target for a long time, whole answers and streams in turns, and watches what each of its processes holds.
 * @returns {Promise<{ name: string, early: number, late: number }[]>} MB: medians of the second and the last fifth
 */
export async function holdLong(target, secs, tools, say) {
  const samples = new Map(target.processes.map(({ name }) => [name, []]));
  const stop = new AbortController();
  const watching = watch(target, samples, stop.signal);
  const until = performance.now() + secs * 1e3;
  for (let turn = 0; performance.now() < until; turn += 1) {
    const left = Math.ceil((until - performance.now()) / 1e3);
    const plan = { mode: turn % 2 ? 'sse' : 'json', connections: 32, secs: Math.min(30, left) };
    const { requests, bad } = await burst(target, plan, tools);
    say(`${left} s left: ${requests} ${plan.mode} answers, ${bad} bad`);
  }
  stop.abort();
  await watching;
  return [...samples].map(([name, values]) => ({ name, ...ends(values) }));
}

async function watch({ processes }, samples, signal) {
  while (!signal.aborted) {
    for (const { name, pid } of processes) samples.get(name).push(memoryMb([pid]));
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
}

/** The first fifth is growth that any process has. */
export function ends(values) {
  const fifth = Math.max(1, Math.floor(values.length / 5));
  return { early: median(values.slice(fifth, 2 * fifth)), late: median(values.slice(-fifth)) };
}
