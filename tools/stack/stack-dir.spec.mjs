import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { clearStackDir, markerName, openStackDir, stackPaths } from './stack-dir.mjs';

let parent;
beforeEach(() => (parent = mkdtempSync(join(tmpdir(), 'orgn-dir-'))));
afterEach(() => rmSync(parent, { recursive: true }));

test('makes a private folder with the marker in it', () => {
  const paths = openStackDir(join(parent, 'a', 'b'));
  expect(readdirSync(paths.dir).sort()).toEqual([markerName, 'logs', 'run']);
  for (const folder of [paths.dir, paths.logs, paths.run]) expect(statSync(folder).mode & 0o777).toBe(0o700);
});

test('accepts an empty folder, its own, and one where only the cache of the repository is', () => {
  mkdirSync(join(parent, 'bin'));
  writeFileSync(join(parent, 'bootstrap.lock'), '');
  openStackDir(parent);
  openStackDir(parent);
  expect(existsSync(join(parent, markerName))).toBe(true);
});

test('refuses a folder with other files and writes nothing there', () => {
  writeFileSync(join(parent, 'mine'), '');
  expect(() => openStackDir(parent)).toThrow('no stack made it');
  expect(readdirSync(parent)).toEqual(['mine']);
});

test('clears the data of a stack, but not the lock, the open log and the cache', () => {
  const paths = openStackDir(parent);
  for (const folder of ['bin', 'postgres', 'nats']) mkdirSync(join(parent, folder));
  for (const file of [
    'stack.json',
    'bin/nats-server',
    'postgres/PG_VERSION',
    'run/ports.json',
    'run/supervisor.json',
  ]) {
    writeFileSync(join(parent, file), '');
  }
  for (const log of ['supervisor.log', 'gateway-1.log']) writeFileSync(join(paths.logs, log), '');
  clearStackDir(paths);
  expect(readdirSync(parent).sort()).toEqual([markerName, 'bin', 'logs', 'run']);
  expect(readdirSync(join(parent, 'bin'))).toEqual(['nats-server']);
  expect(readdirSync(paths.run)).toEqual(['supervisor.json']);
  expect(readdirSync(paths.logs)).toEqual(['supervisor.log']);
});

test('clears nothing where the marker is missing', () => {
  const paths = stackPaths(parent);
  writeFileSync(join(parent, 'mine'), '');
  expect(() => clearStackDir(paths)).toThrow('not deleted');
  expect(readdirSync(parent)).toEqual(['mine']);
});
