import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { ChannelHost, type RouterChannel } from '@orgn/channel';
import { InternalTls, ServiceLog } from '@orgn/service-kit';
import { eventually, makeCertificates, type TestCertificates } from '@orgn/testing';
import { RouterClient } from './router.client.ts';

const ends: (() => unknown)[] = [];
let certificates: TestCertificates;
let foreign: TestCertificates;

beforeAll(async () => {
  [certificates, foreign] = await Promise.all([makeCertificates(), makeCertificates()]);
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
afterAll(() => {
  certificates.remove();
  foreign.remove();
});

type Caller = readonly [name: string | undefined, serialNumber: string | undefined];

/** Answers every request on the connections of this server. */
async function answerOn(server: Server, event: 'connection' | 'secureConnection'): Promise<number> {
  const host = new ChannelHost(server, event, {
    name: 'router-1',
    maxConnections: 10,
    take: (request) => {
      request.begin(200, {});
      request.end(Buffer.from('answered'));
    },
  });
  server.listen(0);
  await once(server, 'listening');
  ends.push(() => host.close());
  return (server.address() as AddressInfo).port;
}

/** A router with the certificate in `folder`, and what it saw of its callers: their names and serial numbers. */
async function startRouter(folder: string) {
  const file = (name: string) => readFileSync(join(folder, name));
  const context = { ca: file('ca.crt'), cert: file('tls.crt'), key: file('tls.key') };
  const callers: Caller[] = [];
  const sockets: Socket[] = [];
  let bytes = 0;
  const server = createServer({ ...context, requestCert: true, rejectUnauthorized: true });
  server.on('secureConnection', (socket: TLSSocket) => {
    const certificate = socket.getPeerX509Certificate();
    callers.push([certificate?.checkHost('gateway'), certificate?.serialNumber]);
    sockets.push(socket);
    socket.on('data', (chunk: Buffer) => (bytes += chunk.length));
  });
  const port = await answerOn(server, 'secureConnection');
  return { port, callers, sockets, heard: () => bytes };
}

function clientWith(settings: { INTERNAL_TLS: 'on' | 'off'; TLS_DIR?: string }) {
  const tls = new InternalTls(settings);
  ends.push(() => tls.close());
  const client = new RouterClient(tls, new ServiceLog('gateway', 'gateway-1', 'fatal'), { INSTANCE: 'gateway-1' });
  return { client, tls };
}

const onTls = (folder = certificates.of('gateway')) => clientWith({ INTERNAL_TLS: 'on', TLS_DIR: folder });

function connectTo(client: RouterClient, url: string): RouterChannel {
  const channel = client.connect('router-1', url);
  ends.push(() => channel.close());
  return channel;
}

/** Answers what the router said, or whether it may have been asked. @param withinMs how long it is waited for */
async function ask(channel: RouterChannel, withinMs = 5_000): Promise<{ text: string } | { wasSent: boolean }> {
  await channel.whenOpen(withinMs);
  let text = '';
  return new Promise((resolve) => {
    channel.post(
      { path: '/', headers: {}, body: Buffer.from('a prompt') },
      {
        onStart: () => undefined,
        onData: (chunk) => void (text += chunk.toString()),
        onEnd: () => resolve({ text }),
        onError: (_error, wasSent) => resolve({ wasSent }),
      },
    );
  });
}

describe('under INTERNAL_TLS the gateway', () => {
  test.each(['127.0.0.1', 'localhost', '[::1]'])('knows a router by its service’s name, at %s', async (host) => {
    const { port, callers } = await startRouter(certificates.of('inference-router'));
    expect(await ask(connectTo(onTls().client, `tls://${host}:${port}`))).toEqual({ text: 'answered' });
    expect(callers).toEqual([['gateway', expect.any(String)]]);
  });

  test.each([
    ['with the name of another server', () => certificates.of('nats')],
    ['with the certificate of a service that only asks', () => certificates.of('usage-metering')],
    ['under a foreign authority', () => foreign.of('inference-router')],
  ])('sends a router %s not one byte', async (_, folder) => {
    const { port, heard } = await startRouter(folder());
    expect(await ask(connectTo(onTls().client, `tls://127.0.0.1:${port}`), 300)).toEqual({ wasSent: false });
    expect(heard()).toBe(0);
  });

  test('sends nothing in the clear, whatever address it is told', async () => {
    let connections = 0;
    const server = createTcpServer(() => (connections += 1)).listen(0);
    ends.push(() => server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect(await ask(connectTo(onTls().client, `tcp://127.0.0.1:${port}`), 300)).toEqual({ wasSent: false });
    expect(connections).toBe(0);
  });

  test('keeps one connection, and makes the next one with its renewed certificate, without a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'orgn-gateway-'));
    ends.push(() => rmSync(folder, { recursive: true }));
    cpSync(certificates.of('gateway'), folder, { recursive: true });
    const { port, sockets, callers } = await startRouter(certificates.of('inference-router'));
    const { client, tls } = onTls(folder);
    const channel = connectTo(client, `tls://127.0.0.1:${port}`);
    for (let turn = 0; turn < 3; turn += 1) expect(await ask(channel)).toEqual({ text: 'answered' });
    expect(callers).toHaveLength(1);
    cpSync(certificates.of('auth'), folder, { recursive: true });
    tls.look();
    sockets[0]!.destroy();
    await eventually(() => expect(callers).toHaveLength(2));
    expect(callers.map(([name]) => name)).toEqual(['gateway', undefined]);
    expect(callers[1]![1]).not.toBe(callers[0]![1]);
  });
});

test('without INTERNAL_TLS the channel is plain TCP', async () => {
  const port = await answerOn(createTcpServer(), 'connection');
  const { client } = clientWith({ INTERNAL_TLS: 'off' });
  expect(await ask(connectTo(client, `tcp://127.0.0.1:${port}`))).toEqual({ text: 'answered' });
});
