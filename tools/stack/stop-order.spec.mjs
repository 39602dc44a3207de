import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { identify, isAlive } from './process-identity.mjs';
import { inStopOrder, stopInOrder, tiers } from './stop-order.mjs';

async function startProcess(script) {
  const child = spawn(process.execPath, ['-e', `${script}; console.log('up'); setInterval(() => {}, 1000)`], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(child.stdout, 'data');
  return identify(child.pid);
}

test('who takes work stops first, who keeps data stops last', () => {
  const names = ['postgres:database', 'nats:bus', 'gateway:edge', 'router:service', 'providers:simulator', 'auth:edge'];
  const table = names.map((text) => ({ name: text.split(':')[0], tier: tiers[text.split(':')[1]] }));
  const order = inStopOrder(table).map((tier) => tier.map(({ name }) => name));
  expect(order).toEqual([['gateway', 'auth'], ['router'], ['providers'], ['nats'], ['postgres']]);
});

test('sends the signal that the process wants', async () => {
  const identity = await startProcess("process.on('SIGTERM', () => {})");
  const notes = [];
  await stopInOrder([{ name: 'x', tier: 1, stopSignal: 'SIGINT', ...identity }], { note: (text) => notes.push(text) });
  expect(isAlive(identity)).toBe(false);
  expect(notes).toEqual([]);
});

test('kills what does not stop in time, and says so', async () => {
  const identity = await startProcess("process.on('SIGTERM', () => {})");
  const notes = [];
  await stopInOrder([{ name: 'deaf', tier: 1, ...identity }], { note: (text) => notes.push(text), boundMs: 200 });
  expect(isAlive(identity)).toBe(false);
  expect(notes).toEqual([`deaf (pid ${identity.pid}) did not stop within 0.2 s: killed`]);
});

test('does not touch a process that only has the pid of the one on record', async () => {
  const identity = await startProcess('');
  expect(isAlive({ ...identity, started: 'long ago' })).toBe(false);
  process.kill(identity.pid, 'SIGKILL');
});

test('ends what a process left in its group', async () => {
  const script = "const c = require('child_process').spawn('sleep', ['60']); console.log(c.pid)";
  const child = spawn(process.execPath, ['-e', `${script}; setInterval(() => {}, 1000)`], { detached: true });
  const [text] = await once(child.stdout, 'data');
  const left = identify(Number(String(text)));
  await stopInOrder([{ name: 'parent', tier: 1, ...identify(child.pid) }]);
  expect(isAlive(left)).toBe(false);
});
