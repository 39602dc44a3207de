import { setTimeout as delay } from 'node:timers/promises';
import { isAlive } from './process-identity.mjs';

/**
 * Tiers, stopped one after the other: who takes work from outside goes first, who keeps the data goes last. A job is a
 * process that ends by itself (build, migrate).
 */
export const tiers = { job: 0, edge: 1, service: 2, simulator: 3, bus: 4, database: 5 };

/** How long a process may take to finish what it has in hand, ms. */
export const stopBoundMs = 15_000;
const pollMs = 25;
/** Dead members of a group stay in it until their parent has noticed, which may never happen. */
const groupBoundMs = 500;

/**
 * Stops processes tier by tier and returns when all are gone.
 * @param {{ name: string, pid: number, started: string, tier: number, stopSignal?: string }[]} table
 * @param {{ note?: (text: string) => void, boundMs?: number }} options
 */
export async function stopInOrder(table, { note = () => {}, boundMs = stopBoundMs } = {}) {
  for (const tier of inStopOrder(table)) {
    await Promise.all(tier.map((entry) => stopOne(entry, { note, boundMs })));
  }
}

/** The table as the groups that are stopped together, first group first. */
export function inStopOrder(table) {
  const byTier = groupByTier(table);
  return [...byTier.keys()].sort((a, b) => a - b).map((tier) => byTier.get(tier));
}

/** Waits until a process is gone. @returns {Promise<boolean>} false when it still runs after `boundMs` */
export async function waitGone(identity, boundMs) {
  const end = performance.now() + boundMs;
  while (isAlive(identity)) {
    if (performance.now() > end) return false;
    await delay(pollMs);
  }
  return true;
}

async function stopOne(entry, { note, boundMs }) {
  if (isAlive(entry)) signal(entry.pid, entry.stopSignal ?? 'SIGTERM');
  if (!(await waitGone(entry, boundMs))) {
    note(`${entry.name} (pid ${entry.pid}) did not stop within ${boundMs / 1000} s: killed`);
    signal(entry.pid, 'SIGKILL');
    await waitGone(entry, boundMs);
  }
  await endGroup(entry.pid);
}

/** Each child leads a process group: what it may have left behind in there ends with it. */
async function endGroup(leader) {
  const end = performance.now() + groupBoundMs;
  while (signal(-leader, 'SIGKILL') && performance.now() < end) await delay(pollMs);
}

/**
 * Sends a signal. A negative pid means a process group.
 * @returns {boolean} false when there is no such process of ours any more
 */
export function signal(pid, name) {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if (error.code === 'ESRCH' || error.code === 'EPERM') return false;
    throw error;
  }
}

function groupByTier(table) {
  const groups = new Map();
  for (const entry of table) groups.set(entry.tier, [...(groups.get(entry.tier) ?? []), entry]);
  return groups;
}
