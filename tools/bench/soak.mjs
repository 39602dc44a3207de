import { setTimeout as sleep } from 'node:timers/promises';
import { Heaps } from './heaps.mjs';
import { burst } from './load.mjs';
import { memoryMb } from './processes.mjs';
import { median } from './statistics.mjs';

const connections = 32;
/** Of what it can take. */
const share = 0.7;
const pieceSecs = 30;
const modes = ['json', 'sse'];

/**
 * Loads a stack for a long time at 70 % of what it can take, whole answers and streams in turns, and watches what each of its
 * processes holds, and what of that is alive.
 * @returns {Promise<{ memory: object[], heap: object[] }>} MB of each process: medians of the second and of the last fifth
 */
export async function soak(ours, { options, tools, say }) {
  const heaps = new Heaps();
  try {
    const target = await heaps.take(ours, options.pin ? 0 : undefined);
    const rates = await ratesOf(target, options, tools);
    say(`70 % are ${modes.map((mode) => `${rates[mode].toFixed(0)} ${mode} answers/s`).join(' and ')}`);
    const samples = { memory: new Map(), heap: new Map() };
    const until = performance.now() + options.longSecs * 1e3;
    for (let turn = 0; performance.now() < until; turn += 1) {
      const left = Math.ceil((until - performance.now()) / 1e3);
      const mode = modes[turn % modes.length];
      const plan = { mode, connections, perSecond: rates[mode], secs: Math.min(pieceSecs, left) };
      const { requests, bad } = await burst(target, plan, tools);
      say(`${left} s left: ${requests} ${mode} answers, ${bad} bad`);
      for (const { name, pid } of target.processes) note(samples.memory, name, memoryMb([pid]));
      // Words that are still to be settled are no leak.
      await sleep(1_000);
      for (const [name, mb] of await heaps.look()) note(samples.heap, name, mb);
    }
    return { memory: rowsOf(samples.memory), heap: rowsOf(samples.heap) };
  } finally {
    await heaps.stop();
  }
}

async function ratesOf(target, { warmSecs }, tools) {
  const rates = {};
  for (const mode of modes) {
    await burst(target, { mode, connections, secs: warmSecs / 2 }, tools);
    const { requests, us } = await burst(target, { mode, connections, secs: warmSecs / 2 }, tools);
    rates[mode] = (requests / (us / 1e6)) * share;
  }
  return rates;
}

function note(samples, name, value) {
  samples.set(name, [...(samples.get(name) ?? []), value]);
}

const rowsOf = (samples) => [...samples].map(([name, values]) => ({ name, ...ends(values) }));

/** The first fifth is growth that any process has. */
export function ends(values) {
  const fifth = Math.max(1, Math.floor(values.length / 5));
  return { early: median(values.slice(fifth, 2 * fifth)), late: median(values.slice(-fifth)) };
}
