import { toDataSourceOptions } from '@orgn/database';
import { startPostgres } from '@orgn/testing';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import type { UsageMeteringConfig } from '../../config.ts';
import { migrations } from '../../migrations/index.ts';
import { UsageRowEntity } from '../../usage/usage-row.entity.ts';
import { UsageRepository } from '../../usage/usage.repository.ts';
import { LedgerRepository } from '../ledger.repository.ts';

/** Books of a database of their own, as the service has them (prepaid) and as their owner sees them. */
export interface OpenBooks {
  database: DataSource;
  /** May do everything; its search path is metering's schema. */
  admin: Client;
  rows: UsageRepository;
  ledger: LedgerRepository;
  close(): Promise<void>;
}

export async function openBooks(): Promise<OpenBooks> {
  const postgres = await startPostgres({ schemas: [{ name: 'usage_metering', migrations }] });
  const url = postgres.urlOf('usage_metering');
  const options = toDataSourceOptions({ url, instance: 'test', entities: [UsageRowEntity] });
  const database = await new DataSource(options).initialize();
  const rows = new UsageRepository(database.getRepository(UsageRowEntity), {
    BILLING: 'prepaid',
  } as UsageMeteringConfig);
  const admin = new Client({ connectionString: postgres.adminUrl });
  await admin.connect();
  await admin.query('SET search_path TO usage_metering');
  const close = async () => {
    await database.destroy();
    await admin.end();
    await postgres.stop();
  };
  return { database, admin, rows, ledger: new LedgerRepository(database), close };
}
