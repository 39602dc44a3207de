import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readJson } from './private-file.mjs';
import { identify, isAlive } from './process-identity.mjs';

/** Two that find the same dead holder may both clear it away: the one whose file is gone after this time has lost. */
const takeOverSettleMs = 150;

/** The lock of a clone: whoever installs into it or builds in it holds this. */
export function cloneLock(root) {
  return join(root, '.local', 'bootstrap.lock');
}

/**
 * Takes a lock that ends with its process, however that dies: the file names its holder by pid and start time.
 * @param {string} file
 * @returns {Promise<{ release(): void } | { holder: { pid: number, started: string } }>} the lock, or who has it
 */
export async function takeLock(file) {
  const self = identify(process.pid);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const mine = { release: () => isSame(readHolder(file), self) && rmSync(file, { force: true }) };
  if (createWhole(file, self)) return mine;
  const holder = lockHolder(file);
  if (holder) return { holder };
  rmSync(file, { force: true });
  if (createWhole(file, self)) {
    await delay(takeOverSettleMs);
    if (isSame(readHolder(file), self)) return mine;
  }
  return { holder: lockHolder(file) ?? self };
}

/** Who holds the lock now; undefined when nobody does. */
export function lockHolder(file) {
  const holder = readHolder(file);
  return isAlive(holder) ? holder : undefined;
}

/** Runs `work` under the lock, waiting for whoever has it; `onWait` is called once when there is a wait. */
export async function withLock(file, work, onWait = () => {}) {
  let lock = await takeLock(file);
  if (!lock.release) onWait(lock.holder);
  while (!lock.release) {
    await delay(200);
    lock = await takeLock(file);
  }
  try {
    return await work();
  } finally {
    lock.release();
  }
}

/** A link appears with its whole content, so nobody can read a lock that does not name its holder yet. */
function createWhole(file, identity) {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, JSON.stringify(identity), { flag: 'wx', mode: 0o600 });
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function readHolder(file) {
  try {
    return readJson(file);
  } catch {
    return undefined;
  }
}

function isSame(a, b) {
  return a?.pid === b.pid && a?.started === b.started;
}
