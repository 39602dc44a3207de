import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { stopLeftovers, waitForReaper } from './leftovers.mjs';
import { lockHolder, withLock } from './lock.mjs';
import { markerName, stackPaths } from './stack-dir.mjs';
import { signal, waitGone } from './stop-order.mjs';

/** Longer than the supervisor needs when every one of its children has to be killed. */
const supervisorBoundMs = 100_000;

/**
 * Stops the stack of a folder: asks its supervisor, or does it when that is gone.
 * @param {string} dir
 * @param {(text: string) => void} note
 * @returns {Promise<string>} what was found, when every process is gone
 */
export async function stopStack(dir, note) {
  if (!existsSync(join(dir, markerName))) return `Nothing runs in ${dir}.`;
  const paths = stackPaths(realpathSync(dir));
  const supervisor = lockHolder(paths.lock);
  if (supervisor) await stopSupervisor(supervisor, note);
  await waitForReaper(paths);
  const leftovers = await withLock(paths.lock, () => stopLeftovers(paths, note));
  return supervisor || leftovers > 0 ? `Stopped what ran in ${paths.dir}.` : `Nothing runs in ${paths.dir}.`;
}

async function stopSupervisor(supervisor, note) {
  note(`stopping the stack (supervisor pid ${supervisor.pid})`);
  signal(supervisor.pid, 'SIGTERM');
  if (await waitGone(supervisor, supervisorBoundMs)) return;
  note('the supervisor does not answer; killed, its reaper takes over');
  signal(supervisor.pid, 'SIGKILL');
}
