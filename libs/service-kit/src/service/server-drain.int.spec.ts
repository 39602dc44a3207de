import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { ServerDrain } from './server-drain.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function listening(server: Server): Promise<{ drain: ServerDrain; port: number; closed: Promise<unknown> }> {
  // Far longer than any test waits: whatever ends sooner was ended.
  server.keepAliveTimeout = 600_000;
  const drain = new ServerDrain(server);
  const closed = once(server, 'close');
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { drain, port: (server.address() as AddressInfo).port, closed };
}

async function start(answer: RequestListener) {
  const server = createServer(answer);
  return { server, ...(await listening(server)) };
}

/** A client that would keep its connection for ever. */
function ask(port: number): Promise<IncomingMessage> {
  const agent = new Agent({ keepAlive: true });
  ends.push(() => agent.destroy());
  return new Promise((resolve, reject) => get({ port, host: '127.0.0.1', agent }, resolve).on('error', reject));
}

async function open(port: number, text = ''): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  ends.push(() => socket.destroy());
  await once(socket, 'connect');
  if (text) socket.write(text);
  await delay(50);
  return socket;
}

async function lengthOf(answer: IncomingMessage): Promise<number> {
  let length = 0;
  for await (const chunk of answer) length += (chunk as Buffer).length;
  return length;
}

describe('a server that closes', () => {
  test('ends with its last answer, although the other end would keep the connection', async () => {
    const { promise: goOn, resolve: finish } = Promise.withResolvers<undefined>();
    const { server, drain, port, closed } = await start((_, response) => {
      response.write('begun');
      void goOn.then(() => response.end('ended'));
    });
    const answer = await ask(port);
    server.close();
    await delay(100);
    expect(drain.answering).toBe(1);
    finish(undefined);
    expect(await lengthOf(answer)).toBe('begunended'.length);
    await closed;
    expect(drain.answering).toBe(0);
  });

  test('lets a slow reader have all of an answer that was ended before', async () => {
    const size = 24 * 1024 * 1024;
    const { server, port, closed } = await start((_, response) => response.end(Buffer.alloc(size)));
    const answer = await ask(port);
    server.close();
    await delay(100);
    expect(await lengthOf(answer)).toBe(size);
    await closed;
  });

  test('waits for no connection that asks nothing, whether it ever did or not', async () => {
    const { server, port, closed } = await start((_, response) => response.end('here'));
    await lengthOf(await ask(port));
    await open(port);
    server.close();
    await closed;
  });

  test('answers a head that was on its way, and waits for none that does not come', async () => {
    const { server, port, closed } = await start((_, response) => response.end('here'));
    const head = 'GET / HTTP/1.1\r\nhost: x\r\n';
    const [quick, stuck] = await Promise.all([open(port, head), open(port, head)]);
    server.close();
    quick.write('\r\n');
    const [answer] = (await once(quick, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/200 OK[^]*connection: close/i);
    await Promise.all([closed, once(stuck, 'close')]);
  });

  test('waits for no TLS handshake', async () => {
    const server = createTlsServer() as unknown as Server;
    const { port, closed } = await listening(server);
    await open(port);
    server.close();
    await closed;
  });
});

test('a server that leaves takes new connections, and has each answer end its own', async () => {
  const { promise: goOn, resolve: finish } = Promise.withResolvers<undefined>();
  const { drain, port } = await start((request, response) => {
    if (request.url === '/') void goOn.then(() => response.end('here'));
  });
  const early = ask(port);
  await delay(50);
  drain.leave();
  const late = ask(port);
  finish(undefined);
  for (const answer of await Promise.all([early, late])) {
    expect(answer.headers.connection).toBe('close');
    expect(await lengthOf(answer)).toBe(4);
  }
});
