import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { lockHolder, takeLock, withLock } from './lock.mjs';
import { identify } from './process-identity.mjs';

let dir;
let file;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'orgn-lock-'));
  file = join(dir, 'lock');
});
afterEach(() => rmSync(dir, { recursive: true }));

test('one has it, the other learns who', async () => {
  const lock = await takeLock(file);
  expect(await takeLock(file)).toEqual({ holder: identify(process.pid) });
  lock.release();
  expect(lockHolder(file)).toBeUndefined();
  expect((await takeLock(file)).release).toBeDefined();
});

test('leaves nothing but the lock', async () => {
  const lock = await takeLock(file);
  expect(readdirSync(dir)).toEqual(['lock']);
  lock.release();
  expect(readdirSync(dir)).toEqual([]);
});

test.each([
  ['of a process that is gone', JSON.stringify({ pid: process.pid, started: 'long ago' })],
  ['that is no lock', 'nonsense'],
])('takes over a lock %s', async (_what, text) => {
  writeFileSync(file, text);
  expect((await takeLock(file)).release).toBeDefined();
});

test('only one of many takes over', async () => {
  writeFileSync(file, JSON.stringify({ pid: process.pid, started: 'long ago' }));
  const results = await Promise.all(Array.from({ length: 8 }, () => takeLock(file)));
  expect(results.filter(({ release }) => release)).toHaveLength(1);
});

test('withLock lets one in after the other', async () => {
  let inside = 0;
  const most = [];
  const work = async () => {
    inside += 1;
    await new Promise((resolve) => setTimeout(resolve, 20));
    most.push(inside);
    inside -= 1;
  };
  await Promise.all([withLock(file, work), withLock(file, work), withLock(file, work)]);
  expect(most).toEqual([1, 1, 1]);
});
