import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const script = join(import.meta.dirname, 'trickle.mjs');

/**
 * Runs the trickle where the engine's ports are.
 * @param {string[]} inside what stands before a command so that it runs there
 * @param {{ key: string, streams: number }} options
 */
export function startTrickleIn(inside, { key, streams }) {
  const options = ['--key', key, '--streams', String(streams), '--seconds', '900'];
  const [command, ...args] = [...inside, process.execPath, script, ...options];
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said, ended] = [text(child.stdout), once(child, 'close')];
  return {
    /** @returns {Promise<object>} its report */
    stop: async () => {
      child.kill('SIGINT');
      await ended;
      return JSON.parse(await said);
    },
  };
}
