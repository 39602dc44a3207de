import { setTimeout as sleep } from 'node:timers/promises';
import { lockHolder } from '../stack/lock.mjs';
import { recordedProcesses } from '../stack/leftovers.mjs';
import { stackPaths } from '../stack/stack-dir.mjs';
import { memoryMb } from './processes.mjs';

/** Servers that are not written by us. */
const foreign = ['nats', 'postgres'];

/** The five services of a stack. */
export function servicesOf({ processes }) {
  return processes.filter(({ service }) => service !== undefined && !foreign.includes(service));
}

/** Services give back what their start has left as soon as they have been quiet for a while. */
const REST_MS = 10_000;

/** MB of each service that rests, and of what keeps them running. @returns {Promise<{ idle: Record<string, number>, keepers: number }>} */
export async function residentOf(target) {
  await sleep(REST_MS);
  const idle = Object.fromEntries(servicesOf(target).map(({ name, pid }) => [name, memoryMb([pid])]));
  const paths = stackPaths(target.stack.dir);
  const keepers = [lockHolder(paths.lock), recordedProcesses(paths).reaper].filter(Boolean);
  return { idle, keepers: keepers.reduce((sum, { pid }) => sum + ownMemoryMb(pid), 0) };
}

const ownMemoryMb = (pid) => memoryMb([pid], { isAlone: true });
