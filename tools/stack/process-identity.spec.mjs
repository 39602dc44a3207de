import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { identify, isAlive, parseProcStat, startedAt } from './process-identity.mjs';

const numbers = Array.from({ length: 30 }, (_, index) => index + 4).join(' ');

test('the start time is field 22, whatever the name of the program', () => {
  for (const name of ['node', 'a b', 'x) Z (y', '']) expect(parseProcStat(`42 (${name}) S ${numbers}`)).toBe('22');
});

test('a zombie is gone', () => {
  expect(parseProcStat(`42 (node) Z ${numbers}`)).toBeUndefined();
});

test('tells this process from any other', () => {
  const self = identify(process.pid);
  expect(isAlive(self)).toBe(true);
  expect(isAlive({ ...self, started: `${self.started}0` })).toBe(false);
  expect(isAlive({ pid: self.pid })).toBe(false);
  expect(isAlive(undefined)).toBe(false);
});

test('a process that ended is gone', async () => {
  const child = spawn(process.execPath, ['-e', '0']);
  const identity = identify(child.pid);
  await once(child, 'exit');
  expect(isAlive(identity)).toBe(false);
});

test.each([0, -1, 1.5, undefined, Number.NaN])('%p is no pid', (pid) => {
  expect(startedAt(pid)).toBeUndefined();
});
