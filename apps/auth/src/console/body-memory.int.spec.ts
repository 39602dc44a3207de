import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@orgn/testing';
import { AuthHost } from '../testing/auth-host.ts';

const MIB = 1024 * 1024;
/** Refuses at once what comes from elsewhere, as these do; its body is read before. */
const PATH = '/api/auth/logout';
const READ = 403;
let host: AuthHost;
let ends: (() => void)[] = [];

beforeAll(async () => {
  host = await AuthHost.start({ TRUSTED_PROXIES: '127.0.0.1' });
});
afterEach(() => {
  for (const end of ends) end();
  ends = [];
});
afterAll(() => host.stop());

/** Sends all of a body but its last byte. */
const hold = (address: string) => {
  const { hostname, port } = new URL(host.url);
  const socket = connect(Number(port), hostname);
  const answer = { text: '' };
  socket.on('data', (chunk: Buffer) => (answer.text += chunk.toString())).on('error', () => undefined);
  const lines = ['host: console', `x-forwarded-for: ${address}`, `content-length: ${MIB}`];
  socket.write(`POST ${PATH} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
  socket.write(Buffer.alloc(MIB - 1, 'a'));
  ends.push(() => socket.destroy());
  return answer;
};
const post = async (address: string, bytes: number) => {
  const headers = { 'x-forwarded-for': address, 'content-type': 'application/json' };
  const body = 'a'.repeat(bytes);
  return (await fetch(host.url + PATH, { method: 'POST', headers, body })).status;
};

test('bodies of one network hold half of what there is for bodies, and lock nobody else out', async () => {
  const held = Array.from({ length: 100 }, () => hold('203.0.113.7'));
  const refused = () => held.filter(({ text }) => text.includes(' 503 ')).length;
  await eventually(() => expect(refused()).toBeGreaterThan(60));
  expect(refused()).toBeLessThan(75);
  // Small ones always, and those of others.
  expect(await post('203.0.113.9', 1_000)).toBe(READ);
  expect(await post('198.51.100.1', MIB / 2)).toBe(READ);
  for (const end of ends) end();
  await eventually(async () => expect(await post('203.0.113.8', MIB / 2)).toBe(READ));
});

test('a body that was read gives back what it held', async () => {
  for (let at = 0; at < 150; at += 1) expect(await post('203.0.113.7', MIB - 100)).toBe(READ);
});
