import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { faultOf, requestBody } from './exchange.mjs';
import { burst } from './load.mjs';
import { start, stop } from './processes.mjs';

const children = [];
let floor;

beforeAll(async () => {
  const [upstreamPort, floorPort] = [await freePort(), await freePort()];
  const run = (file, ...args) => children.push(start([process.execPath, join(import.meta.dirname, file), ...args]));
  run('upstream.mjs', String(upstreamPort));
  run('floor.mjs', String(floorPort), `http://127.0.0.1:${upstreamPort}`);
  floor = { url: `http://127.0.0.1:${floorPort}/v1/chat/completions`, headers: {}, model: 'canned' };
  await Promise.all([upstreamPort, floorPort].map(listening));
});

afterAll(() => Promise.all(children.map(stop)));

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function listening(port) {
  const answers = () =>
    fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: '{}' }).then(
      (response) => response.text(),
      () => false,
    );
  while (!(await answers())) await new Promise((resolve) => setTimeout(resolve, 20));
}

test.each(['json', 'sse', 'paced'])(
  'the floor passes %s answers on whole, and the generator counts them',
  async (mode) => {
    const response = await fetch(floor.url, { method: 'POST', body: requestBody('canned', mode) });
    expect(faultOf(await response.text(), mode)).toBeUndefined();
    const result = await burst(floor, { mode, connections: 2, secs: 0.1 }, {});
    expect(result.bad).toBe(0);
    expect(result.requests).toBeGreaterThanOrEqual(2);
    expect(result.first.p50).toBeGreaterThan(0);
    expect(result.p99).toBeGreaterThanOrEqual(result.p50);
  },
);

test('an answer that lacks a word, its usage or its end is a fault', async () => {
  const whole = await (await fetch(floor.url, { method: 'POST', body: requestBody('canned', 'sse') })).text();
  expect(faultOf(whole.replace('word7', 'word'), 'sse')).toBe('other text');
  expect(faultOf(whole.replace('"usage"', '"used"'), 'sse')).toBe('no usage');
  expect(faultOf(whole.replace('data: [DONE]\n\n', ''), 'sse')).toBe('no [DONE]');
});
