import type { ServiceLog } from '@orgn/service-kit';
import { startPostgres, type TestPostgres } from '@orgn/testing';
import { Client } from 'pg';
import type { RouterConfig } from '../../config.ts';
import { migrations } from '../../migrations/index.ts';
import { ArchiveDatabase } from '../archive-database.ts';
import { ContentsRepository } from '../contents.repository.ts';
import { ReceiptBlocks } from '../receipt-blocks.ts';
import { ReceiptPacker } from '../receipt-packer.ts';
import { ReceiptsRepository } from '../receipts.repository.ts';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined } as unknown as ServiceLog;

/** A database with the schema of receipts, as its role and as its admin. */
export interface TestArchive {
  postgres: TestPostgres;
  log: ServiceLog;
  /** A router's configuration. */
  config(more?: Partial<RouterConfig>): RouterConfig;
  database: ArchiveDatabase;
  admin: Client;
  /** What a router that has just started keeps and reads receipts with: it knows of nothing that is kept. */
  fresh(): { contents: ContentsRepository; repository: ReceiptsRepository; packer: ReceiptPacker };
  stop(): Promise<void>;
}

export async function startArchive(): Promise<TestArchive> {
  const postgres = await startPostgres({ schemas: [{ name: 'inference_router', migrations }] });
  const config = (more: Partial<RouterConfig> = {}) =>
    ({
      DATABASE_URL: postgres.urlOf('inference_router'),
      INSTANCE: 'inference-router-1',
      INTERNAL_TLS: 'off',
      RECEIPT_DAYS: 90,
      LOG_ORIGIN: 'gateway.example/receipts',
      LOG_BATCH_SECONDS: 60,
      ...more,
    }) as RouterConfig;
  const database = new ArchiveDatabase(config(), quiet);
  const admin = new Client({ connectionString: postgres.adminUrl });
  await admin.connect();
  await admin.query('SET search_path TO inference_router');
  const stop = async () => {
    await database.onApplicationShutdown();
    await admin.end();
    await postgres.stop();
  };
  const fresh = () => {
    const contents = new ContentsRepository(database);
    const repository = new ReceiptsRepository(database, contents, new ReceiptBlocks(database, contents));
    return { contents, repository, packer: new ReceiptPacker(database, contents, quiet) };
  };
  return { postgres, log: quiet, config, database, admin, fresh, stop };
}
