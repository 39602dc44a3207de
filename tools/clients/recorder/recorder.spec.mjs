import { once } from 'node:events';
import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startRecorder } from './recorder.mjs';

let gateway;
let recorder;
let answer;
let received;

beforeEach(async () => {
  answer = (response) => response.end('{}');
  received = [];
  gateway = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    received.push({ url: request.url, headers: request.headers, body: Buffer.concat(chunks) });
    answer(response);
  });
  gateway.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 426 Upgrade Required\r\ncontent-length: 0\r\n\r\n'));
  gateway.listen(0, '127.0.0.1');
  await once(gateway, 'listening');
  recorder = await startRecorder(`http://127.0.0.1:${gateway.address().port}`);
});
afterEach(async () => {
  await recorder.close();
  gateway.closeAllConnections();
  gateway.close();
});

const post = (path, body, headers = {}) => fetch(`${recorder.url}${path}`, { method: 'POST', body, headers });

describe('the recorder', () => {
  test('passes bytes on as they are, and remembers what was said both ways', async () => {
    answer = (response) => response.writeHead(400, { 'x-request-id': 'r1' }).end('{"error":{"message":"No."}}');
    const response = await post('/v1/messages?beta=true', '{"a":1}', { 'x-api-key': 'k' });
    expect([response.status, await response.text()]).toEqual([400, '{"error":{"message":"No."}}']);
    expect(received[0]).toMatchObject({ url: '/v1/messages?beta=true', headers: { 'x-api-key': 'k' } });
    const [exchange] = recorder.exchanges;
    expect(exchange).toMatchObject({
      status: 400,
      body: '{"a":1}',
      isWhole: true,
      answer: '{"error":{"message":"No."}}',
    });
    expect(exchange.answerHeaders['x-request-id']).toBe('r1');
  });

  test('lets a stream stream', async () => {
    let end;
    answer = (response) => {
      response.writeHead(200).write('one');
      end = () => response.end('two');
    };
    const reader = (await post('/v1/chat/completions', '{}')).body.getReader();
    expect(Buffer.from((await reader.read()).value).toString()).toBe('one');
    expect(recorder.exchanges[0].isWhole).toBe(false);
    end();
    expect(Buffer.from((await reader.read()).value).toString()).toBe('two');
  });

  test('reads packed bodies and hands them on packed', async () => {
    const packed = gzipSync('{"a":1}');
    await post('/v1/messages', packed, { 'content-encoding': 'gzip' });
    expect(received[0].body.equals(packed)).toBe(true);
    expect(recorder.exchanges[0].body).toBe('{"a":1}');
  });

  test('notes how a websocket is refused', async () => {
    const socket = new globalThis.WebSocket(`${recorder.url.replace('http', 'ws')}/v1/responses`);
    await once(socket, 'error');
    expect(recorder.exchanges).toMatchObject([{ method: 'GET', path: '/v1/responses', status: 426 }]);
  });
});
