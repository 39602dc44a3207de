import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { InternalTls } from '@orgn/service-kit';
import { makeCertificates, type TestCertificates } from '@orgn/testing';
import { RouterConnection } from './router-connection.ts';
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

/** What a router with the certificate in `folder` saw of its callers: their names and serial numbers. */
async function startRouter(folder: string): Promise<{ port: number; server: Server; callers: Caller[] }> {
  const file = (name: string) => readFileSync(join(folder, name));
  const context = { ca: file('ca.crt'), cert: file('tls.crt'), key: file('tls.key') };
  const callers: Caller[] = [];
  const server = createServer({ ...context, requestCert: true, rejectUnauthorized: true }, (_request, response) => {
    response.end('answered');
  });
  server.on('secureConnection', (socket: TLSSocket) => {
    const certificate = socket.getPeerX509Certificate();
    callers.push([certificate?.checkHost('gateway'), certificate?.serialNumber]);
  });
  server.listen(0);
  await once(server, 'listening');
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, server, callers };
}

function clientWith(settings: { INTERNAL_TLS: 'on' | 'off'; TLS_DIR?: string }) {
  const tls = new InternalTls(settings);
  const client = new RouterClient(tls);
  ends.push(
    () => client.onApplicationShutdown(),
    () => tls.close(),
  );
  return { client, tls };
}

const onTls = (folder = certificates.of('gateway')) => clientWith({ INTERNAL_TLS: 'on', TLS_DIR: folder });

/** Answers what the router said, or how it was not asked. */
function post(client: RouterClient, url: string): Promise<{ text: string } | { code: string; wasSent: boolean }> {
  const announcement = { router: 'r', url, token: 't', tokenSeconds: 60, catalogueVersion: 'v', providers: {} };
  const connection = new RouterConnection(announcement, { version: 'v', createdAt: 0, models: new Map() });
  let text = '';
  return new Promise((resolve) => {
    client.post(
      connection,
      { path: '/', headers: {}, body: Buffer.from('a prompt') },
      {
        onStart: () => undefined,
        onData: (chunk) => void (text += chunk.toString()),
        onEnd: () => resolve({ text }),
        onError: (error, wasSent) => resolve({ code: (error as { code?: string }).code ?? error.message, wasSent }),
      },
    );
  });
}

describe('under INTERNAL_TLS the gateway', () => {
  test.each(['127.0.0.1', 'localhost', '[::1]'])('knows a router by its service’s name, at %s', async (host) => {
    const { port, callers } = await startRouter(certificates.of('inference-router'));
    expect(await post(onTls().client, `https://${host}:${port}`)).toEqual({ text: 'answered' });
    expect(callers).toEqual([['gateway', expect.any(String)]]);
  });

  test.each([
    ['with the name of another server', () => certificates.of('nats'), 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['with the certificate of a service that only asks', () => certificates.of('usage-metering'), 'INVALID_PURPOSE'],
    ['under a foreign authority', () => foreign.of('inference-router'), 'SELF_SIGNED_CERT_IN_CHAIN'],
  ])('sends a router %s not one byte', async (_, folder, code) => {
    const { port } = await startRouter(folder());
    expect(await post(onTls().client, `https://127.0.0.1:${port}`)).toEqual({ code, wasSent: false });
  });

  test('sends nothing in the clear, whatever address it is told', async () => {
    let requests = 0;
    const server = createHttpServer((_request, response) => void response.end(`${(requests += 1)}`)).listen(0);
    ends.push(() => server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect(await post(onTls().client, `http://127.0.0.1:${port}`)).toMatchObject({ wasSent: false });
    expect(requests).toBe(0);
  });

  test('asks with its renewed certificate, without a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'orgn-gateway-'));
    ends.push(() => rmSync(folder, { recursive: true }));
    cpSync(certificates.of('gateway'), folder, { recursive: true });
    const { port, server, callers } = await startRouter(certificates.of('inference-router'));
    const { client, tls } = onTls(folder);
    const ask = () => post(client, `https://127.0.0.1:${port}`);
    await ask();
    cpSync(certificates.of('auth'), folder, { recursive: true });
    tls.look();
    server.closeIdleConnections();
    expect(await ask()).toEqual({ text: 'answered' });
    expect(callers.map(([name]) => name)).toEqual(['gateway', undefined]);
    expect(callers[1]![1]).not.toBe(callers[0]![1]);
  });

  test('keeps a connection, and shortens the handshake of the next one', async () => {
    const { port, server } = await startRouter(certificates.of('inference-router'));
    const reused: boolean[] = [];
    server.on('secureConnection', (socket: TLSSocket) => reused.push(socket.isSessionReused()));
    const { client } = onTls();
    for (let turn = 0; turn < 3; turn += 1) {
      await post(client, `https://127.0.0.1:${port}`);
      await delay(10);
    }
    expect(reused).toEqual([false]);
    server.closeIdleConnections();
    await post(client, `https://127.0.0.1:${port}`);
    expect(reused).toEqual([false, true]);
  });
});

test('without INTERNAL_TLS the hop is plain HTTP', async () => {
  const server = createHttpServer((_request, response) => void response.end('answered')).listen(0);
  ends.push(() => server.close());
  await once(server, 'listening');
  const { client } = clientWith({ INTERNAL_TLS: 'off' });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect(await post(client, url)).toEqual({ text: 'answered' });
});
