import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Something that a provider is made of cannot be had on this machine. */
export class MissingError extends Error {}

/** The folder of a provider, outside the clone; what was installed there stays. */
export function installDir(name) {
  const dir = join(process.env.SIGN_IN_DIR || join(tmpdir(), 'orgn-sign-in'), name);
  mkdirSync(dir, { recursive: true });
  return dir;
}

/** Runs a step of an installation. @throws MissingError with what it said last */
export function install(command, args, options = {}) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', ...options });
  if (error) throw new MissingError(`${command} is not here`);
  if (status === 0) return stdout;
  const said = `${stdout}${stderr}`.trim().split('\n').slice(-3).join(' | ');
  throw new MissingError(`${command} ${args[0]} failed: ${said}`);
}

/** Starts a server and waits until an address answers. @returns how to end it */
export async function startServer(command, args, { address, seconds, ...options }) {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], detached: true, ...options });
  let said = '';
  child.stderr.on('data', (text) => (said = (said + text).slice(-2_000)));
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid, 'SIGKILL');
    await exited;
  };
  for (let waited = 0; waited < seconds; waited += 1) {
    if (child.exitCode !== null) throw new Error(`${command} ended: ${said}`);
    if (await answers(address)) return { stop };
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  await stop();
  throw new Error(`${command} does not answer at ${address}: ${said}`);
}

async function answers(address) {
  try {
    return (await fetch(address, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}
