import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { connect } from '@nats-io/transport-node';
import { Client } from 'pg';
import { startNats } from './nats.ts';
import { connectAs } from './test-bus.ts';
import { startPostgres, type TestPostgres } from './postgres.ts';

async function query(postgres: TestPostgres, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: postgres.adminUrl });
  await client.connect();
  return (await client.query<Record<string, unknown>>(text).finally(() => client.end())).rows;
}

/** One that has ended and was not waited for yet is listed, and runs no more. */
function runs(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('a Postgres of a test', () => {
  test('is its own, keeps its data over a crash, and leaves nothing behind', async () => {
    const postgres = await startPostgres();
    const { pid } = postgres;
    const [settings] = await query(
      postgres,
      `SELECT current_setting('data_directory') AS dir, current_setting('fsync') AS fsync`,
    );
    expect(settings).toEqual({ dir: expect.stringContaining('orgn-test-'), fsync: 'off' });
    await query(postgres, 'CREATE TABLE kept AS SELECT 1 AS one');
    await postgres.crash();
    expect(runs(pid)).toBe(false);
    await expect(query(postgres, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await postgres.start();
    expect(postgres.pid).not.toBe(pid);
    expect(await query(postgres, 'SELECT one FROM kept')).toEqual([{ one: 1 }]);
    const last = postgres.pid;
    await postgres.stop();
    expect([runs(last), existsSync(String(settings?.dir))]).toEqual([false, false]);
  });
});

describe('a NATS of a test', () => {
  test('has JetStream and a user for each service, and leaves nothing behind', async () => {
    const nats = await startNats();
    const { url, pid } = nats;
    await expect(connect({ servers: url, user: 'ops', pass: 'wrong', reconnect: false })).rejects.toThrow(
      /authorization/i,
    );
    const connection = await connectAs(nats, 'gateway');
    expect(connection.info).toMatchObject({ jetstream: true, server_name: expect.stringMatching(/^orgn-/) });
    await connection.close();
    await nats.stop();
    expect(runs(pid)).toBe(false);
  });

  test('fails when there is no nats-server, rather than being skipped', async () => {
    const { NATS_SERVER_BIN } = process.env;
    process.env.NATS_SERVER_BIN = '/nowhere/nats-server';
    try {
      await expect(startNats()).rejects.toThrow(/NATS_SERVER_BIN names \/nowhere\/nats-server/);
    } finally {
      if (NATS_SERVER_BIN === undefined) delete process.env.NATS_SERVER_BIN;
      else process.env.NATS_SERVER_BIN = NATS_SERVER_BIN;
    }
  });
});
