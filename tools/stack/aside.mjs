import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bareEnvironment } from './environment.mjs';
import { closedToDebuggers } from './node-flags.mjs';

const run = promisify(execFile);

/**
 * Runs a script of this folder in a process of its own: a supervisor lives long, and what it loads once it keeps.
 * @param {string} script its path below this folder
 * @param {string[]} args
 * @returns {Promise<any>} what the script prints, which is JSON
 * @throws with what it said, when it fails
 */
export async function aside(script, args) {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const { stdout } = await run(process.execPath, [...closedToDebuggers, file, ...args], { env: bareEnvironment() });
  return JSON.parse(stdout);
}
