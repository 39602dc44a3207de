import { readFileSync, readdirSync } from 'node:fs';
import { setProcesses } from './stack-file.mjs';
import { readJson, writePrivateJson } from './private-file.mjs';
import { identify, isAlive } from './process-identity.mjs';
import { signal, stopBoundMs, stopInOrder, tiers, waitGone } from './stop-order.mjs';

/** In the environment of every child: the folder of its stack, by which it is found even when no record names it. */
export const ownerVariable = 'ORGN_STACK_DIR';

const reaperBoundMs = (Object.keys(tiers).length + 1) * stopBoundMs;

/**
 * Writes down who runs, for the reaper and for the next start: pids and start times, no secrets.
 * @param {{ processes: string }} paths
 * @param {{ reaper?: object, children: object[] }} table
 */
export function recordProcesses(paths, table) {
  writePrivateJson(paths.processes, table);
}

/** What the last supervisor of this folder wrote down. */
export function recordedProcesses(paths) {
  try {
    return readJson(paths.processes) ?? { children: [] };
  } catch {
    return { children: [] };
  }
}

/** Waits for the reaper of a supervisor that died; a reaper that hangs is killed. */
export async function waitForReaper(paths) {
  const { reaper } = recordedProcesses(paths);
  if (await waitGone(reaper, reaperBoundMs)) return;
  signal(reaper.pid, 'SIGKILL');
  await waitGone(reaper, stopBoundMs);
}

/**
 * Stops, in order, what a supervisor left behind that no longer runs.
 * @returns {Promise<number>} how many processes there were
 */
export async function stopLeftovers(paths, note) {
  const recorded = recordedProcesses(paths).children.filter(isAlive);
  await stopInOrder(recorded, { note });
  const strays = unrecorded(paths.dir);
  await stopInOrder(strays, { note });
  setProcesses(paths.stackFile, []);
  recordProcesses(paths, { children: [] });
  return recorded.length + strays.length;
}

/**
 * Children that a supervisor had no time to write down before it was killed. Needs /proc; elsewhere there are none.
 * Interrupt, not terminate: Postgres takes the latter as "wait for every client".
 */
function unrecorded(dir) {
  const mark = Buffer.from(`${ownerVariable}=${dir}\0`);
  return processIds()
    .filter((pid) => pid !== process.pid && environmentOf(pid).includes(mark))
    .map((pid) => ({ ...identify(pid), name: 'a process without a record', tier: tiers.job, stopSignal: 'SIGINT' }))
    .filter(isAlive);
}

function processIds() {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function environmentOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/environ`);
  } catch {
    return Buffer.alloc(0);
  }
}
