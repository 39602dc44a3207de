/**
 * Makes a clone ready to run anything: installs what package-lock.json says, and finds the pinned Node. Plain JavaScript
 * without dependencies, for any Node from 20.19 on.
 *
 * Usage: node tools/bootstrap.mjs <bin> [args]   runs node_modules/.bin/<bin> under the pinned Node
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cloneLock, withLock } from './stack/lock.mjs';

/** The repository. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const at = (...names) => join(root, ...names);
const installRecord = at('node_modules', '.orgn-install');

/**
 * Installs when needed and finds the pinned Node. Two callers at the same time take turns.
 * @param {(text: string) => void} [say] gets a line for each thing that takes time; default: stderr
 * @returns {Promise<{ root: string, node: string, detail: string }>} `node`: path of the pinned Node
 * @throws with what to do, when that cannot be
 */
export async function ensureReady(say = (text) => console.error(text)) {
  const ready = () => ({ root, node: pinnedNode(), detail: 'nothing to do' });
  if (isInstalled() && pinnedNode()) return ready();
  const waiting = () => say('waiting for someone else who installs or builds here');
  return withLock(
    cloneLock(root),
    async () => {
      const done = [];
      if (!isInstalled()) done.push(await install(say));
      if (!pinnedNode()) done.push(await rebuildNode(say));
      return { ...ready(), detail: done.join(', ') || 'nothing to do' };
    },
    waiting,
  );
}

/** The environment of every tool: Nx stays in this process and on this machine, and `node` means the pinned one. */
export function toolEnvironment(node) {
  const path = [dirname(node), process.env.PATH].join(delimiter);
  return { ...process.env, PATH: path, NX_DAEMON: 'false', NX_NO_CLOUD: 'true' };
}

/**
 * Runs a command in the foreground. An interrupt from the keyboard reaches it directly, as a member of the same group;
 * other signals are handed on.
 * @returns {Promise<number>} its exit code, or 128 + the number of the signal that ended it
 */
export function runInForeground(command, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', env });
    for (const name of ['SIGTERM', 'SIGHUP']) process.on(name, () => child.kill(name));
    process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}

/** Installed means: from this very lock file, or by hand after it last changed. */
function isInstalled() {
  const installed = modified(at('node_modules', '.package-lock.json'));
  if (installed === undefined) return false;
  return recordedHash() === lockHash() || installed >= modified(at('package-lock.json'));
}

async function install(say) {
  say('installing what package-lock.json says (npm ci); the first time takes a minute or two');
  const result = await npm(['ci', '--no-audit', '--no-fund']);
  if (result.code !== 0) throw new Error(`npm ci failed:\n${result.text}`);
  writeFileSync(installRecord, lockHash());
  return 'npm ci';
}

/** An install with --ignore-scripts leaves the `node` package without its binary. */
async function rebuildNode(say) {
  say(`fetching Node ${pinnedVersion()} (npm rebuild node)`);
  const result = await npm(['rebuild', 'node', '--foreground-scripts']);
  if (pinnedNode()) return 'npm rebuild node';
  throw new Error(
    `Node ${pinnedVersion()} is not in node_modules/node. Its package fetches it by an install script, so allow that ` +
      `once (npm rebuild node --ignore-scripts=false), or run this with Node ${pinnedVersion()} itself.\n${result.text}`,
  );
}

/** @returns {string | undefined} the pinned Node: the one that runs this, or the one in node_modules */
function pinnedNode() {
  if (process.versions.node === pinnedVersion()) return process.execPath;
  const node = at('node_modules', 'node', 'bin', 'node');
  const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  return stdout?.trim() === `v${pinnedVersion()}` ? node : undefined;
}

function pinnedVersion() {
  return readFileSync(at('.node-version'), 'utf8').trim();
}

/** The npm that runs this, or else the one on PATH. Its words are kept for the case that it fails. */
function npm(args) {
  const script = process.env.npm_execpath;
  const [command, first] = script?.endsWith('.js') ? [process.execPath, [script]] : ['npm', []];
  return new Promise((resolve) => {
    const child = spawn(command, [...first, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk) => (text += chunk));
    }
    child.on('error', (error) => resolve({ code: 1, text: `npm could not be run: ${error.message}` }));
    child.on('close', (code) => resolve({ code, text: firstErrors(text) }));
  });
}

/** What went wrong comes first; usage and advice follow it. */
function firstErrors(text) {
  const errors = text.split('\n').filter((line) => /^npm (error|ERR!) \S/.test(line));
  return errors.slice(0, 15).join('\n') || text.slice(-2000);
}

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(at('package-lock.json')))
    .digest('hex');
}

function recordedHash() {
  return existsSync(installRecord) ? readFileSync(installRecord, 'utf8').trim() : undefined;
}

function modified(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs;
}

async function main([bin, ...args]) {
  if (!bin) {
    console.error('Usage: node tools/bootstrap.mjs <bin> [args]');
    return 2;
  }
  const { node } = await ensureReady();
  const script = at('node_modules', '.bin', bin);
  if (!existsSync(script)) throw new Error(`There is no ${script}.`);
  return runInForeground(node, [realpathSync(script), ...args], toolEnvironment(node));
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
