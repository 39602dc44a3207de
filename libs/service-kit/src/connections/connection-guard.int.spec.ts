import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { eventually } from '@orgn/testing';
import { ConnectionGuard } from './connection-guard.ts';

const REQUEST = 'GET / HTTP/1.1\r\nhost: here\r\n\r\n';
let server: Server;
let metrics: Registry;
let clients: Socket[] = [];

const start = async (bounds: { total?: number; network?: number; proxies?: string[] }, silentMs?: number) => {
  server = createServer((_, response) => response.end('yes'));
  metrics = new Registry();
  const { total = 100, network = 100, proxies = [] } = bounds;
  const settings = { MAX_CONNECTIONS: total, MAX_CONNECTIONS_PER_NETWORK: network, proxies };
  new ConnectionGuard(server, settings, metrics).stand(silentMs);
  await once(server.listen(0, '127.0.0.1'), 'listening');
};
/** @param third of the address it comes from: loopback has many networks */
const open = (third = 1, words = REQUEST) => {
  const { port } = server.address() as AddressInfo;
  const socket = connect({ port, host: '127.0.0.1', localAddress: `127.0.${third}.1` });
  const heard = { text: '' };
  socket.on('data', (chunk: Buffer) => (heard.text += chunk.toString())).on('error', () => undefined);
  if (words) socket.write(words);
  clients.push(socket);
  return { socket, heard };
};
const isAnswered = ({ heard }: { heard: { text: string } }) => heard.text.includes('200 OK');
const settled = (opened: ReturnType<typeof open>[]) =>
  eventually(() => expect(opened.every((one) => isAnswered(one) || one.socket.closed)).toBe(true));

afterEach(async () => {
  for (const socket of clients) socket.destroy();
  clients = [];
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('connections', () => {
  test('of one network have a limit, which is no limit for others', async () => {
    await start({ network: 5 });
    const crowd = Array.from({ length: 20 }, () => open(1));
    await settled(crowd);
    expect(crowd.filter(isAnswered)).toHaveLength(5);
    const others = [2, 3, 4].map((network) => open(network));
    await settled(others);
    expect(others.every(isAnswered)).toBe(true);
    expect(await metrics.metrics()).toContain('orgn_http_closed_connections_total{reason="network"} 15');
    // A place that becomes free is a place.
    crowd.find(isAnswered)!.socket.destroy();
    await eventually(async () => {
      const next = open(1);
      await settled([next]);
      expect(isAnswered(next)).toBe(true);
    });
  });

  test('have a limit in total', async () => {
    await start({ total: 10 });
    const all = Array.from({ length: 30 }, (_, at) => open(1 + at));
    await settled(all);
    expect(all.filter(isAnswered)).toHaveLength(10);
    expect(await metrics.metrics()).toMatch(/orgn_http_connections 10\n/);
  });

  test('of a trusted proxy count in the total only', async () => {
    await start({ network: 2, proxies: ['127.0.7.0/24'] });
    const proxied = Array.from({ length: 20 }, () => open(7));
    await settled(proxied);
    expect(proxied.every(isAnswered)).toBe(true);
  });

  test('that say nothing are closed, and those that have spoken are not', async () => {
    await start({}, 200);
    const [silent, spoken] = [open(1, ''), open(2)];
    await once(silent.socket, 'close');
    expect(isAnswered(spoken)).toBe(true);
    expect(spoken.socket.closed).toBe(false);
    expect(await metrics.metrics()).toContain('orgn_http_closed_connections_total{reason="silent"} 1');
  });

  test('are all answered when one network opens hundreds at once', async () => {
    await start({ total: 1_000, network: 1_000 });
    const crowd = Array.from({ length: 400 }, () => open(1));
    const somebody = open(2);
    await settled([...crowd, somebody]);
    expect([...crowd, somebody].every(isAnswered)).toBe(true);
  });
});
