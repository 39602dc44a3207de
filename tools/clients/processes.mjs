import { spawn } from 'node:child_process';

/** Process groups that run now: a client's children end with it, and all end with us. */
const groups = new Set();
process.on('exit', () => groups.forEach((pid) => endGroup(pid)));
for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => process.exit(130));

/** The least that a program needs of the caller's shell: nothing that would tell it of other gateways or keys. */
export function bareEnvironment(home) {
  return { PATH: process.env.PATH, HOME: home, LANG: 'C.UTF-8', TZ: 'UTC', TERM: 'dumb', NO_COLOR: '1' };
}

/**
 * Runs a program to its end, or for `timeoutMs`. Nothing is read from its standard input.
 * @param {string[]} command
 * @param {{ cwd: string, env: Record<string, string>, timeoutMs: number }} options
 * @returns {Promise<{ code: number | null, stdout: string, stderr: string, timedOut: boolean }>}
 */
export function run([program, ...args], { cwd, env, timeoutMs }) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'])
      child[name].setEncoding('utf8').on('data', (text) => (output[name] += text));
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      endGroup(child.pid);
    }, timeoutMs);
    if (child.pid) groups.add(child.pid);
    child.once('error', reject);
    child.once('exit', () => setTimeout(() => endGroup(child.pid), 500));
    child.once('close', (code) => {
      clearTimeout(timer);
      groups.delete(child.pid);
      resolve({ code, ...output, timedOut });
    });
  });
}

/** Runs a program that must succeed. @returns what it printed @throws with the end of what it printed */
export async function runOrThrow(command, options) {
  const ended = await run(command, options);
  if (ended.code === 0) return ended.stdout;
  const how = ended.timedOut ? `ran longer than ${options.timeoutMs / 1e3} s` : `exit code ${ended.code}`;
  throw new Error(`${command.slice(0, 2).join(' ')}: ${how}: ${lastLines(ended.stderr || ended.stdout)}`);
}

export function lastLines(text, count = 12) {
  return text.trim().split('\n').slice(-count).join('\n');
}

function endGroup(pid) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group has ended by itself.
  }
}
