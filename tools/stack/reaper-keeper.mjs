import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { closedToDebuggers } from './node-flags.mjs';
import { identify } from './process-identity.mjs';

const script = fileURLToPath(new URL('reaper.mjs', import.meta.url));

/** A shell waits for the pipe to close, in a twentieth of what Node would take, and becomes the reaper then: its pid stays. */
const wait = `trap '' INT TERM HUP; while read -r _; do :; done; exec "$@" < /dev/null`;

/**
 * Keeps a reaper (reaper.mjs) beside the supervisor: it has a session of its own, and nothing but the pipe between the
 * two tells it that the supervisor is gone.
 * @param {string} dir folder of the stack
 * @param {(identity: { pid: number, started: string }) => void} record called for each reaper, before children start
 * @returns {{ release(): Promise<void> }} lets it go, once no children are on record
 */
export function keepReaper(dir, record) {
  let released = false;
  let reaper = start();
  return {
    async release() {
      released = true;
      if (reaper.exitCode !== null || reaper.signalCode !== null) return;
      reaper.stdin.end();
      await once(reaper, 'exit');
    },
  };

  function start() {
    const reap = [process.execPath, ...closedToDebuggers, script, dir];
    const child = spawn('/bin/sh', ['-c', wait, 'reaper', ...reap], {
      detached: true,
      stdio: ['pipe', 'inherit', 'inherit'],
    });
    child.stdin.on('error', () => {});
    child.on('exit', () => {
      if (!released) reaper = start();
    });
    record(identify(child.pid));
    return child;
  }
}
