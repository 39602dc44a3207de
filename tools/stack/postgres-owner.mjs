import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, chownSync, constants, cpSync, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * Postgres refuses to run as root. Who it runs as instead, and where its files then are.
 * @typedef {object} PostgresOwner
 * @property {string} dataDir
 * @property {string} nativeDir where bin, lib and share are
 * @property {(program: string, args: string[]) => object} run command, args and identity for a process definition
 * @property {{ uid: number, gid: number }} [identity] whom its files belong to, when not whoever starts it
 * @property {string} how a few words for the terminal
 */

/** The user that nothing belongs to, on every system that has user namespaces. */
const nobody = 65_534;

/**
 * A normal user runs it as it is. Root runs it in a user namespace in which root has no name: files stay root's. Where
 * such namespaces are off, the user nobody runs it, in a folder that nobody can reach.
 * @param {{ dir: string }} paths
 * @param {string} nativeDir the unpacked binaries
 * @returns {PostgresOwner}
 */
export function postgresOwner(paths, nativeDir) {
  const home = { dataDir: join(paths.dir, 'postgres'), nativeDir };
  const binary = (program) => join(nativeDir, 'bin', program);
  if (process.getuid() !== 0) {
    return { ...home, how: '', run: (program, args) => ({ command: binary(program), args }) };
  }
  if (hasUserNamespaces()) {
    const run = (program, args) => ({ command: 'unshare', args: ['--user', binary(program), ...args] });
    return { ...home, how: 'in a user namespace', run };
  }
  return asNobody(paths, nativeDir);
}

/** The folder outside the stack's own that `nobody` may have got; `--fresh` deletes it too. */
export function outsideDir(paths) {
  const name = createHash('sha256').update(paths.dir).digest('hex').slice(0, 12);
  return join(existsSync('/var/tmp') ? '/var/tmp' : tmpdir(), `orgn-postgres-${name}`);
}

function hasUserNamespaces() {
  return spawnSync('unshare', ['--user', 'true'], { stdio: 'ignore' }).status === 0;
}

function asNobody(paths, nativeDir) {
  const reachable = isReachable(paths.dir);
  const base = reachable ? paths.dir : ownDir(outsideDir(paths), 0o711);
  const home = ownDir(join(base, 'as-nobody'), 0o700, nobody);
  const native = isReachable(nativeDir) ? nativeDir : copyNative(nativeDir, base);
  const identity = { uid: nobody, gid: nobody };
  const run = (program, args) => ({ command: join(native, 'bin', program), args, cwd: home, identity });
  const how = `as uid ${nobody}${reachable ? '' : ` in ${base}`}: no user namespaces here`;
  return { dataDir: join(home, 'postgres'), nativeDir: native, how, run, identity };
}

/** May others pass through all folders down to here? */
function isReachable(path) {
  const passes = (statSync(path).mode & constants.S_IXOTH) !== 0;
  return passes && (dirname(path) === path || isReachable(dirname(path)));
}

/** In a folder that everybody may write to, a name that is there already may be someone's trap. */
function ownDir(dir, mode, owner = 0) {
  if (!existsSync(dir)) {
    mkdirSync(dir, { mode });
    chownSync(dir, owner, owner);
  }
  const found = statSync(dir);
  if (found.uid !== owner) throw new Error(`${dir} belongs to uid ${found.uid}, not to ${owner}: delete it.`);
  accessSync(dir, constants.W_OK);
  return dir;
}

function copyNative(nativeDir, base) {
  const copy = join(base, 'native');
  if (existsSync(copy)) return copy;
  const draft = `${copy}.${process.pid}`;
  cpSync(nativeDir, draft, { recursive: true, verbatimSymlinks: true });
  renameSync(draft, copy);
  return copy;
}
