import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { toDataSourceOptions } from '@orgn/database';
import { startPostgres, type TestPostgres } from '@orgn/testing';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import type { UsageMeteringConfig } from '../config.ts';
import { migrations } from '../migrations/index.ts';
import { makeRequestId, makeWord } from '../usage/make.ts';
import { UsageRowEntity } from '../usage/usage-row.entity.ts';
import { UsageRepository } from '../usage/usage.repository.ts';
import { PartitionsRepository } from './partitions.repository.ts';

const DAY_MS = 24 * 3_600_000;

let postgres: TestPostgres;
let admin: Client;
let database: DataSource;
let partitions: PartitionsRepository;
let usage: UsageRepository;

beforeAll(async () => {
  postgres = await startPostgres({ schemas: [{ name: 'usage_metering', migrations }] });
  admin = new Client({ connectionString: postgres.adminUrl });
  await admin.connect();
  await admin.query('SET search_path TO usage_metering');
  const url = postgres.urlOf('usage_metering');
  database = await new DataSource(
    toDataSourceOptions({ url, instance: 'test', entities: [UsageRowEntity] }),
  ).initialize();
  partitions = new PartitionsRepository(database);
  usage = new UsageRepository(database.getRepository(UsageRowEntity), { BILLING: 'off' } as UsageMeteringConfig);
});

afterAll(async () => {
  await database.destroy();
  await admin.end();
  await postgres.stop();
});

/** `2026_11` for this month, and so on. */
function monthName(ahead: number): string {
  const now = new Date();
  const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead));
  return `usage_rows_${first.toISOString().slice(0, 7).replace('-', '_')}`;
}

async function partitionOf(requestId: string): Promise<string> {
  const where = 'SELECT tableoid::regclass::text AS name FROM usage_rows WHERE request_id = $1';
  const { rows } = await admin.query<{ name: string }>(where, [requestId]);
  return rows[0]?.name ?? 'none';
}

async function keepAt(ms: number): Promise<string> {
  const requestId = makeRequestId(ms);
  await usage.keep([makeWord({ requestId })]);
  return requestId;
}

describe('partitions', () => {
  test('are ready for this month, three ahead, and the month that a word may come late for', async () => {
    expect(await partitions.makeMissing()).toBe(0);
    const { rows } = await admin.query<{ name: string }>(
      "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'usage_rows'::regclass",
    );
    const names = rows.map((row) => row.name);
    expect(names).toEqual(expect.arrayContaining([0, 1, 2, 3].map(monthName)));
    expect(await partitionOf(await keepAt(Date.now()))).toBe(monthName(0));
    expect(await partitionOf(await keepAt(Date.now() - 35 * DAY_MS))).not.toBe('usage_rows_default');
  });

  test('lose nothing that has no month: it stays in the default partition, and is counted', async () => {
    const before = await partitions.countStray(100);
    expect(await partitionOf(await keepAt(Date.UTC(2001, 0)))).toBe('usage_rows_default');
    expect(await partitionOf(await keepAt(Date.now() + 365 * DAY_MS))).toBe('usage_rows_default');
    expect(await partitions.countStray(100)).toBe(before + 2);
    expect(await partitions.countStray(1)).toBe(1);
  });

  test('that are made late take over the rows that were waiting for them', async () => {
    await admin.query(`DROP TABLE ${monthName(0)}, ${monthName(2)}`);
    const stray = await partitions.countStray(100);
    const waiting = await keepAt(Date.now());
    expect(await partitionOf(waiting)).toBe('usage_rows_default');
    const made = await Promise.all([partitions.makeMissing(), partitions.makeMissing()]);
    expect(made.sort()).toEqual([0, 2]);
    expect(await partitionOf(waiting)).toBe(monthName(0));
    expect(await partitions.countStray(100)).toBe(stray);
  });

  test('are the only tables that the service can make', async () => {
    await expect(database.query('CREATE TABLE mine (id int)')).rejects.toThrow('permission denied');
    await expect(database.query('DROP TABLE usage_rows')).rejects.toThrow('must be owner');
  });
});
