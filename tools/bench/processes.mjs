import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const children = new Set();
process.on('exit', () => children.forEach((child) => child.kill('SIGKILL')));
for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => process.exit(130));

/** A command line that runs on one core, where `core` is given. */
export function pinned(core, command) {
  return core === undefined ? command : ['taskset', '-c', String(core), ...command];
}

/** Starts a process that ends with this one. */
export function start(command, { core, env = {}, stdio = ['ignore', 'ignore', 'inherit'], cwd } = {}) {
  const [program, ...args] = pinned(core, command);
  const child = spawn(program, args, { cwd, stdio, env: { ...process.env, ...env } });
  children.add(child);
  child.once('close', () => children.delete(child));
  return child;
}

/** Ends a process that `start` started. */
export async function stop(child) {
  child.kill('SIGTERM');
  for (let tries = 0; tries < 30 && children.has(child); tries += 1) await sleep(100);
  if (children.has(child)) child.kill('SIGKILL');
}

/** Runs a command to its end and answers what it printed. @throws when it failed */
export async function run(command, options = {}) {
  const child = start(command, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) throw new Error(`${command[0]} failed (${code}):\n${output}\n${errors}`);
  return output;
}

const tickUs = 1e6 / (Number(spawnSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }).stdout) || 100);

/** Processor time that processes and their descendants have used, in microseconds. */
export function cpuUs(pids) {
  return family(pids).reduce((sum, pid) => sum + (statOf(pid)?.ticks ?? 0) * tickUs, 0);
}

/** What a process that has nothing to do takes of a core at most, how long it is watched, and how long that is waited for. */
const idle = { share: 0.2, lookMs: 200, boundMs: 20_000 };

/** Resolves once processes have done what a burst left them with: what shares their core would wait for it. */
export async function untilIdle(pids) {
  for (const end = performance.now() + idle.boundMs; performance.now() < end;) {
    const before = cpuUs(pids);
    await sleep(idle.lookMs);
    if (cpuUs(pids) - before < idle.share * idle.lookMs * 1e3) return;
  }
}

/**
 * Resident memory of processes and their descendants in MB; shared memory, which each of them maps, is left out.
 * @param {{ isAlone?: boolean }} [of] `isAlone`: without descendants
 */
export function memoryMb(pids, { isAlone = false } = {}) {
  const kbOf = (status, name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
  return (isAlone ? pids : family(pids)).reduce((sum, pid) => {
    const status = read(pid, 'status') ?? '';
    return sum + (kbOf(status, 'VmRSS') - kbOf(status, 'RssShmem')) / 1_024;
  }, 0);
}

/** Moves processes and their descendants, with all their threads, to other cores. @param {string} cores as taskset lists them */
export async function moveTo(cores, pids) {
  for (const pid of family(pids)) await run(['taskset', '-a', '-c', '-p', cores, String(pid)]);
}

/** Parent and processor ticks out of /proc/<pid>/stat, whose second field may hold anything. */
export function parseStat(text) {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) };
}

function family(pids) {
  const childrenOf = new Map();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const stat = statOf(name);
    if (stat) childrenOf.set(stat.parent, [...(childrenOf.get(stat.parent) ?? []), Number(name)]);
  }
  const found = [];
  for (let todo = [...pids]; todo.length > 0;) {
    const pid = todo.pop();
    found.push(pid);
    todo.push(...(childrenOf.get(pid) ?? []));
  }
  return found;
}

function statOf(pid) {
  const text = read(pid, 'stat');
  return text && parseStat(text);
}

/** Nothing for a process that has ended in the meantime. */
function read(pid, name) {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return undefined;
  }
}
