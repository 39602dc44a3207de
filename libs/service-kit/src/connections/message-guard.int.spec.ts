import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '@orgn/testing';
import { MessageGuard, type Excess } from './message-guard.ts';

let server: Server;
let excesses: Excess[];
/** Requests that were answered, and pieces of bodies that were heard. */
let heard: { requests: number; pieces: number; bytes: number };

const read: RequestListener = (request, response) => {
  heard.requests += 1;
  request.on('data', (piece: Buffer) => {
    heard.pieces += 1;
    heard.bytes += piece.length;
  });
  request.on('end', () => response.end('all of it')).on('error', () => undefined);
};
const ignore: RequestListener = (_, response) => {
  heard.requests += 1;
  response.end('whatever');
};
const start = async (listener: RequestListener) => {
  server = createServer(listener);
  new MessageGuard(server, (excess) => excesses.push(excess)).stand();
  await once(server.listen(0, '127.0.0.1'), 'listening');
};
const open = () => {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const answer = { text: '' };
  socket.on('data', (chunk: Buffer) => (answer.text += chunk.toString())).on('error', () => undefined);
  return { socket, answer, closed: once(socket, 'close') };
};
const POST = 'POST / HTTP/1.1\r\nhost: here\r\ntransfer-encoding: chunked\r\n\r\n';
const GET = 'GET / HTTP/1.1\r\nhost: here\r\n\r\n';
const crumbs = (count: number) => '1\r\nx\r\n'.repeat(count);
const answers = (text: string) => text.split('HTTP/1.1 200').length - 1;

beforeEach(() => {
  excesses = [];
  heard = { requests: 0, pieces: 0, bytes: 0 };
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('a body in crumbs', () => {
  test('ends its connection, and what is left of it is told to nobody', async () => {
    await start(read);
    for (let turn = 1; turn <= 20; turn += 1) {
      const { socket, closed } = open();
      socket.write(POST + crumbs(10_000));
      await closed;
      expect(heard.pieces).toBeLessThanOrEqual(turn * 2_100);
    }
    expect(excesses).toEqual(Array(20).fill('pieces'));
  });

  test('that nobody reads does so too', async () => {
    await start(ignore);
    const { socket, answer, closed } = open();
    socket.write(POST);
    await eventually(() => expect(answers(answer.text)).toBe(1));
    socket.write(crumbs(10_000));
    await closed;
    expect(excesses).toEqual(['pieces']);
  });

  test('leaves nothing behind in the parser of the next connection', async () => {
    await start(read);
    for (let turn = 0; turn < 5; turn += 1) {
      const abusive = open();
      abusive.socket.write(POST + crumbs(10_000));
      await abusive.closed;
      const { socket, answer } = open();
      const before = heard.bytes;
      socket.write(`${POST}5\r\nhello\r\n0\r\n\r\n${POST}5\r\nworld\r\n0\r\n\r\n`);
      await eventually(() => expect(answers(answer.text)).toBe(2));
      expect(heard.bytes).toBe(before + 10);
      socket.destroy();
    }
  });

  test('is read where it is short, and where its pieces are no crumbs', async () => {
    await start(read);
    const { socket, answer } = open();
    socket.write(`${POST}${crumbs(2_000)}0\r\n\r\n`);
    await eventually(() => expect(answers(answer.text)).toBe(1));
    socket.write(`${POST}${`100\r\n${'x'.repeat(256)}\r\n`.repeat(20_000)}0\r\n\r\n`);
    await eventually(() => expect(answers(answer.text)).toBe(2));
    expect([heard.bytes, excesses]).toEqual([2_000 + 256 * 20_000, []]);
    socket.destroy();
  });
});

describe('requests that are sent ahead of their answers', () => {
  test('end their connection when they are many, answered at once or not', async () => {
    const waiting: RequestListener = () => void (heard.requests += 1);
    for (const listener of [ignore, waiting]) {
      await start(listener);
      heard.requests = 0;
      const { socket, closed } = open();
      socket.write(GET.repeat(1_000));
      await closed;
      expect(heard.requests).toBeLessThanOrEqual(33);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
    expect(excesses).toEqual(['pipelined', 'pipelined']);
    await start(ignore);
  });

  test('are answered where they are few, and one after the other as often as one likes', async () => {
    await start(ignore);
    const { socket, answer } = open();
    for (let turn = 1; turn <= 20; turn += 1) {
      socket.write(GET.repeat(16));
      await eventually(() => expect(answers(answer.text)).toBe(16 * turn));
    }
    expect(excesses).toEqual([]);
    socket.destroy();
  });
});
