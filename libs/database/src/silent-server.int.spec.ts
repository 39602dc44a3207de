import { createServer, connect, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { freePort, startPostgres, type TestPostgres } from '@orgn/testing';
import { DataSource } from 'typeorm';
import { POOL_SIZE, SILENCE_MS } from './bounds.ts';
import { toDataSourceOptions } from './service-database.ts';

const STATEMENT_MS = 300;

/** A network between the pool and Postgres that can begin to swallow what is sent over connections that are there. */
class Network {
  readonly #pairs: { near: Socket; far: Socket; isSwallowed: boolean }[] = [];
  readonly #server: Server;

  constructor(
    readonly port: number,
    postgresPort: number,
  ) {
    this.#server = createServer((near) => {
      const far = connect(postgresPort, '127.0.0.1');
      const pair = { near, far, isSwallowed: false };
      this.#pairs.push(pair);
      near.on('data', (bytes) => pair.isSwallowed || far.write(bytes));
      far.on('data', (bytes) => pair.isSwallowed || near.write(bytes));
      for (const socket of [near, far]) socket.on('error', () => undefined);
      near.on('close', () => far.destroy());
      far.on('close', () => near.destroy());
    }).listen(port, '127.0.0.1');
  }

  swallow(): void {
    for (const pair of this.#pairs) pair.isSwallowed = true;
  }

  close(): void {
    for (const { near, far } of this.#pairs) [near, far].forEach((socket) => socket.destroy());
    this.#server.close();
  }
}

let postgres: TestPostgres;
let network: Network;
let source: DataSource;

beforeAll(async () => {
  postgres = await startPostgres({ schemas: [{ name: 'auth', migrations: [] }] });
  network = new Network(await freePort(), Number(new URL(postgres.adminUrl).port));
});

beforeEach(async () => {
  const url = Object.assign(new URL(postgres.urlOf('auth')), { port: String(network.port) }).href;
  const options = { url, instance: 'test', entities: [], statementTimeoutMs: STATEMENT_MS };
  source = await new DataSource(toDataSourceOptions(options)).initialize();
});

afterEach(() => source.destroy());

afterAll(async () => {
  network.close();
  await postgres.stop();
});

const everyConnection = (work: () => Promise<unknown>) =>
  Promise.allSettled(Array.from({ length: POOL_SIZE }, () => work()));

/** Takes every connection of the pool at once, so that each of them is there. */
const fill = () => everyConnection(() => source.query('SELECT pg_sleep(0.1)'));

test('a server that goes silent costs one wait, not the pool: what comes next is served by new connections', async () => {
  await fill();
  network.swallow();
  const startedAt = Date.now();
  const ends = await everyConnection(() => source.query('SELECT 1'));
  const waitedMs = Date.now() - startedAt;
  expect(ends.map(({ status }) => status)).toEqual(Array.from({ length: POOL_SIZE }, () => 'rejected'));
  expect(waitedMs).toBeLessThan(STATEMENT_MS + SILENCE_MS + 10_000);
  for (let round = 0; round < 2 * POOL_SIZE; round += 1) {
    expect(await source.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  }
});

test('a connection that went silent inside a transaction is not kept either, and nothing of it is committed', async () => {
  await fill();
  const transaction = source.transaction(async (manager) => {
    await manager.query('SELECT 1');
    network.swallow();
    await manager.query('SELECT 2');
  });
  await expect(transaction).rejects.toThrow('Query read timeout');
  const ends = await everyConnection(() => source.query('SELECT 1'));
  // Those that were idle were swallowed as well, each once; whatever came in their place serves.
  expect(await source.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  expect(ends.some(({ status }) => status === 'fulfilled')).toBe(true);
});

test('a statement that the server ends itself keeps its connection', async () => {
  const pid = async () => (await source.query<[{ pid: number }]>('SELECT pg_backend_pid() AS pid'))[0].pid;
  const before = await pid();
  await expect(source.query('SELECT pg_sleep(5)')).rejects.toMatchObject({ driverError: { code: '57014' } });
  expect(await pid()).toBe(before);
});

test('the server looks for signs of life of a client that has gone without a word, and lets its session go', async () => {
  const settings = await source.query<{ name: string; setting: string }[]>(
    "SELECT name, setting FROM pg_settings WHERE name ~ '^tcp_(keepalives|user_timeout)' ORDER BY name",
  );
  const { tcp_keepalives_count, tcp_keepalives_idle, tcp_keepalives_interval, tcp_user_timeout } = Object.fromEntries(
    settings.map(({ name, setting }) => [name, Number(setting)]),
  ) as Record<string, number>;
  const goneAfterSeconds = tcp_keepalives_idle! + tcp_keepalives_count! * tcp_keepalives_interval!;
  expect(goneAfterSeconds).toBeGreaterThan(0);
  expect(goneAfterSeconds).toBeLessThanOrEqual(60);
  expect(tcp_user_timeout).toBeGreaterThan(0);
  expect(tcp_user_timeout).toBeLessThanOrEqual(60_000);
});
