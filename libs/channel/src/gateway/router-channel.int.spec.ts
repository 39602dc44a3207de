import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { ChannelHost } from '../router/channel-host.ts';
import type { RouterConnectionSettings } from '../router/router-connection.ts';
import type { TakenRequest } from '../router/taken-request.ts';
import { makeReceiver } from '../testing/told.ts';
import { RouterChannel, type RouterChannelSettings } from './router-channel.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** Answers all of the body. */
const echo = (request: TakenRequest) => {
  void request.body().then((body) => {
    request.begin(200, { 'content-type': 'text/plain' });
    if (body) request.end(body);
  });
};

async function startHost(
  take: (request: TakenRequest) => void,
  more: Partial<RouterConnectionSettings> = {},
  port = 0,
) {
  const server: Server = createServer();
  const sockets: Socket[] = [];
  server.on('connection', (socket) => sockets.push(socket));
  const codes: string[] = [];
  const settings = { name: 'router-1', maxConnections: 10, take, ...more };
  const host = new ChannelHost(server, 'connection', { ...settings, closed: (error) => void codes.push(error.code) });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  ends.push(() => host.close());
  return { host, server, sockets, codes, port: (server.address() as AddressInfo).port };
}

function startChannel(port: number, more: Partial<RouterChannelSettings> = {}) {
  const failures: Error[] = [];
  const open = async () => {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  };
  const settings = { name: 'gateway-1', open, failed: (error: Error) => void failures.push(error), ...more };
  const channel = new RouterChannel(settings);
  ends.push(() => channel.close());
  return { channel, failures };
}

const until = async (isSo: () => boolean) => {
  while (!isSo()) await delay(5);
};
const post = (channel: RouterChannel, body = Buffer.from('hello')) => {
  const { told, receiver } = makeReceiver();
  const asked = channel.post({ path: '/v1/x', headers: {}, body }, receiver);
  return { told, asked };
};

describe('the channel to a router', () => {
  test('carries a large body there and back, beside small ones', async () => {
    const { port } = await startHost(echo);
    const { channel } = startChannel(port);
    await until(() => channel.isOpen);
    const large = Buffer.alloc(20_000_000, 'large');
    const [one, other] = [post(channel, large), post(channel)];
    await until(() => one.told.ends + other.told.ends === 2);
    expect([one.told.bytes.equals(large), other.told.bytes.toString()]).toEqual([true, 'hello']);
    expect(channel.connections).toBe(1);
  });

  test('says at once that nothing was sent while there is no connection', async () => {
    const { channel } = startChannel(1);
    const { told } = post(channel);
    await until(() => told.ends > 0);
    expect([told.wasSent, told.ends]).toEqual([false, 1]);
  });

  test('is there again after a router was, at the same place', async () => {
    const first = await startHost(echo);
    const { channel, failures } = startChannel(first.port);
    await until(() => channel.isOpen);
    first.host.close();
    first.sockets.forEach((socket) => socket.destroy());
    await until(() => !channel.isOpen);
    expect(failures.length).toBeGreaterThan(0);
    await startHost(echo, {}, first.port);
    await until(() => channel.isOpen);
    const { told } = post(channel);
    await until(() => told.ends > 0);
    expect(told.bytes.toString()).toBe('hello');
  });

  test('asks nothing of another router that has its address by now, and goes on once the one that is meant is there', async () => {
    const other = await startHost(echo, { name: 'router-2' });
    const { channel, failures } = startChannel(other.port, { router: 'router-1' });
    await until(() => failures.length > 1);
    expect([channel.isOpen, failures[0]?.message]).toEqual([false, 'Another router is there.']);
    other.host.close();
    await once(other.server.close(), 'close');
    await startHost(echo, {}, other.port);
    await until(() => channel.isOpen);
  });

  test('has further connections while one is nearly full', async () => {
    const { port } = await startHost(() => undefined, { greeting: { requests: 4 } });
    const { channel } = startChannel(port);
    await until(() => channel.isOpen);
    for (let count = 1; count <= 12; count += 1) {
      await until(() => channel.isOpen);
      post(channel);
      await delay(20);
    }
    expect([channel.openRequests, channel.connections >= 3]).toEqual([12, true]);
  });

  test('breaks off what is under way when the router dies, once', async () => {
    const { port, sockets } = await startHost((request) => {
      request.begin(200, {});
      request.write(Buffer.from('half'));
    });
    const { channel } = startChannel(port);
    await until(() => channel.isOpen);
    const { told } = post(channel);
    await until(() => told.bytes.length > 0);
    sockets[0]?.destroy();
    await until(() => told.ends > 0);
    expect([told.bytes.toString(), told.wasSent, told.ends]).toEqual(['half', true, 1]);
  });

  test('finds a router that has fallen silent, and does not choose it before', async () => {
    const { port, sockets } = await startHost(() => undefined);
    // The router's heartbeats do not leave: as if it hung, or a network swallowed them.
    const { channel, failures } = startChannel(port, { beatMs: 40 });
    await until(() => channel.isOpen);
    const { told } = post(channel);
    const since = performance.now();
    sockets[0]?.cork();
    await until(() => !channel.isOpen);
    expect(told.ends).toBe(0);
    await until(() => told.ends > 0);
    expect(performance.now() - since).toBeLessThan(5_000);
    expect([told.wasSent, told.error]).toEqual([true, expect.objectContaining({ code: 'silent' })]);
    expect(failures).toContainEqual(expect.objectContaining({ code: 'silent' }));
  });

  test('stays while nobody asks, by heartbeats alone', async () => {
    const { port, codes } = await startHost(echo, { beatMs: 100 });
    const { channel, failures } = startChannel(port, { beatMs: 100 });
    await until(() => channel.isOpen);
    await delay(1_000);
    // A beat of a busy machine may be late; that nobody was given up is what counts.
    await until(() => channel.isOpen);
    expect([codes, failures]).toEqual([[], []]);
  });

  test('finishes what is under way on a router that leaves, and sends it nothing more', async () => {
    let release: () => void = () => undefined;
    const { port, host } = await startHost((request) => {
      request.begin(200, {});
      release = () => request.end(Buffer.from('in the end'));
    });
    const { channel } = startChannel(port);
    await until(() => channel.isOpen);
    const { told } = post(channel);
    await until(() => told.status === 200);
    const drained = host.drain();
    await until(() => !channel.isOpen);
    const late = post(channel);
    await until(() => late.told.ends > 0);
    expect([late.told.wasSent, told.ends]).toEqual([false, 0]);
    release();
    await drained;
    await until(() => told.ends > 0);
    expect([told.bytes.toString(), told.ends, host.openRequests]).toEqual(['in the end', 1, 0]);
  });

  test('a slow reader holds up its own answer and no other', async () => {
    let written = 0;
    const { port } = await startHost((request) => {
      request.begin(200, {});
      const isSlow = request.head.headers['x-ollm-raw'] === 'true';
      const write = () => {
        while (!request.isClosed && written < 3_000_000 && request.write(Buffer.alloc(10_000)))
          if (isSlow) written += 10_000;
        if (!isSlow) request.end(Buffer.from('done'));
      };
      if (isSlow) request.onDrain(write);
      if (isSlow) write();
      else request.end(Buffer.alloc(500_000));
    });
    const { channel } = startChannel(port);
    await until(() => channel.isOpen);
    const slow = makeReceiver();
    const asked = channel.post(
      { path: '/v1/x', headers: { 'x-ollm-raw': 'true' }, body: Buffer.alloc(0) },
      slow.receiver,
    );
    asked?.pause();
    await delay(50);
    const quick = post(channel);
    await until(() => quick.told.ends > 0);
    expect(quick.told.bytes.length).toBe(500_000);
    // One credit at the gateway, and what may wait at the router.
    expect(slow.told.bytes.length).toBeLessThanOrEqual(64 * 1024);
    expect(written).toBeLessThan(200_000);
    asked?.resume();
    await until(() => written >= 3_000_000);
  });

  test('a cancel is heard by the router at once, and the connection stays', async () => {
    const closedAt: number[] = [];
    const { port } = await startHost((request) => {
      request.begin(200, {});
      request.onClose(() => closedAt.push(performance.now()));
    });
    const { channel } = startChannel(port);
    await until(() => channel.isOpen);
    const { told, asked } = post(channel);
    await until(() => told.status === 200);
    asked?.abort();
    await until(() => closedAt.length > 0 && channel.openRequests === 0);
    expect([told.ends, channel.isOpen, channel.connections]).toEqual([0, true, 1]);
  });
});
