import { Client } from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { closeDatabases } from './database-access.ts';
import type { DatabaseTls } from './database-tls.ts';
import { ensureSchema, protectHistory } from './own-schema.ts';
import { ensureRole, type ServiceRole } from './service-role.ts';

export interface ServiceSchema extends ServiceRole {
  migrations: NonNullable<DataSourceOptions['migrations']>;
}

/** Any constant: whoever migrates or restores this deployment holds this lock, and whoever backs it up shares it. */
export const MIGRATION_LOCK = 7_214_301;

/**
 * Makes each service's schema and login role and runs its migrations, under an advisory lock, so that any number of jobs
 * may start at once. The admin role owns the tables; service roles may read and write rows, not change tables.
 * @param adminUrl a role that may create roles and schemas
 * @param tls how the server is reached; absent: in the clear
 * @returns what whoever runs the job should know: one line each, without values
 */
export async function migrate(
  adminUrl: string,
  schemas: readonly ServiceSchema[],
  tls: DatabaseTls = false,
): Promise<string[]> {
  const admin = new Client({ connectionString: adminUrl, ssl: tls });
  await admin.connect();
  try {
    // Statements that set passwords must not reach the server's log, even when they fail.
    await admin.query('SET log_min_error_statement = panic');
    await admin.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const notices: string[] = [];
    for (const schema of schemas) {
      for (const setting of await ensureRole(admin, schema)) notices.push(`${schema.name} had changed its ${setting}`);
      await ensureSchema(admin, schema.name);
      await runMigrations({ url: adminUrl, ssl: tls }, schema);
      await protectHistory(admin, schema.name);
    }
    const names = schemas.map(({ name }) => name);
    return [...notices, ...(await closeDatabases(admin, names))];
  } finally {
    await admin.end();
  }
}

async function runMigrations(server: { url: string; ssl: DatabaseTls }, schema: ServiceSchema): Promise<void> {
  const source = new DataSource({
    type: 'postgres',
    ...server,
    schema: schema.name,
    migrations: schema.migrations,
    migrationsTransactionMode: 'each',
    // Migrations name their tables without a schema; this is where they land.
    extra: { options: `-c search_path=${schema.name} -c lock_timeout=10s` },
  });
  await source.initialize();
  try {
    await source.runMigrations();
  } finally {
    await source.destroy();
  }
}
