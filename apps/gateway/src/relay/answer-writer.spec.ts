import { once } from 'node:events';
import { createServer, get, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AnswerWriter } from './answer-writer.ts';

const stream = { 'content-type': 'text/event-stream' };
const ends: (() => unknown)[] = [];

afterEach(() => Promise.all(ends.splice(0).map((end) => end())));

async function serve(answer: (response: ServerResponse, path: string) => void): Promise<number> {
  const server: Server = createServer((request, response) => answer(response, request.url ?? ''));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

async function ask(port: number): Promise<Buffer> {
  const [response] = (await once(get({ port, agent: false }), 'response')) as [AsyncIterable<Buffer>];
  const blocks: Buffer[] = [];
  for await (const block of response) blocks.push(block);
  return Buffer.concat(blocks);
}

/** Sends what a client may, and reads until the other side closes or has said so many last chunks. */
async function exchange(port: number, text: string, lastChunks: number): Promise<string> {
  const socket: Socket = connect(port, '127.0.0.1');
  socket.setEncoding('latin1').write(text);
  let heard = '';
  for await (const piece of socket) {
    heard += piece as string;
    if (lastChunks > 0 && heard.split('\r\n0\r\n\r\n').length > lastChunks) break;
  }
  socket.destroy();
  return heard;
}

test('a caller gets all pieces byte for byte, whatever they are and whenever they come', async () => {
  let pieces: { bytes: Buffer; waits: boolean }[] = [];
  const port = await serve((response) => void say(response));
  async function say(response: ServerResponse): Promise<void> {
    const writer = new AnswerWriter(response);
    writer.begin(200, { ...stream });
    for (const { bytes, waits } of pieces) {
      if (waits) await new Promise((resolve) => setImmediate(resolve));
      writer.write(bytes);
    }
    response.end();
  }
  const lengths = fc.oneof(fc.nat(40), fc.integer({ min: 9_000, max: 20_000 }));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(lengths, fc.boolean()), { maxLength: 12 }), async (said) => {
      pieces = said.map(([length, waits], at) => ({ bytes: Buffer.alloc(length, `${at}\r\n`), waits }));
      expect((await ask(port)).equals(Buffer.concat(pieces.map((piece) => piece.bytes)))).toBe(true);
    }),
    { numRuns: 100 },
  );
});

test('a caller that does not read is waited for, and told of once it does', async () => {
  let drains = 0;
  let written = 0;
  const port = await serve((response) => {
    const writer = new AnswerWriter(response);
    writer.begin(200, stream);
    const more = () => {
      while (written < 20_000_000) {
        written += 100_000;
        if (!writer.write(Buffer.alloc(100_000, 'x'))) break;
      }
      if (written >= 20_000_000) response.end();
    };
    response.on('drain', () => {
      drains += 1;
      more();
    });
    more();
  });
  const call = get({ port, agent: false });
  const [response] = (await once(call, 'response')) as [AsyncIterable<Buffer>];
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(written).toBeLessThan(20_000_000);
  let bytes = 0;
  for await (const block of response) bytes += block.length;
  expect(bytes).toBe(20_000_000);
  expect(drains).toBeGreaterThan(0);
});

test('an answer waits for the one before it on its connection', async () => {
  let endFirst: () => void = () => undefined;
  const port = await serve((response, path) => {
    const writer = new AnswerWriter(response);
    writer.begin(200, { ...stream, 'x-path': path });
    writer.write(Buffer.from(`${path} one `));
    if (path === '/first') endFirst = () => response.end();
    else {
      writer.write(Buffer.from(`${path} two`));
      response.end();
      endFirst();
    }
  });
  const request = (path: string) => `GET ${path} HTTP/1.1\r\nhost: h\r\n\r\n`;
  const heard = await exchange(port, request('/first') + request('/second'), 2);
  const order = ['x-path: /first', '/first one ', 'x-path: /second', '/second one ', '/second two'];
  const places = order.map((words) => heard.indexOf(words));
  expect(places).toEqual([...places].sort((one, other) => one - other));
  expect(places).not.toContain(-1);
});

test('a caller of HTTP/1.0, and one that is told a length, get the bytes alone', async () => {
  const port = await serve((response, path) => {
    const writer = new AnswerWriter(response);
    writer.begin(200, path === '/whole' ? { 'content-length': '8' } : stream);
    for (const piece of ['half', 'half']) writer.write(Buffer.from(piece));
    response.end();
  });
  const close = 'connection: close\r\n\r\n';
  for (const text of [`GET / HTTP/1.0\r\n${close}`, `GET /whole HTTP/1.1\r\nhost: h\r\n${close}`]) {
    expect((await exchange(port, text, 0)).split('\r\n\r\n')[1]).toBe('halfhalf');
  }
});
