import type { ClientBase } from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { ServiceSchema } from './migrate.ts';

type MigrationClass = (new () => MigrationInterface) & { name: string };

/** A migration as TypeORM records it. */
export interface RecordedMigration {
  name: string;
  /** Milliseconds, the end of the name. */
  timestamp: number;
}

/** The migrations of a schema, oldest first, as TypeORM would record them. */
export function recordsOf(migrations: ServiceSchema['migrations']): RecordedMigration[] {
  return classesOf(migrations).map(({ name }) => ({ name, timestamp: Number(name.slice(-13)) }));
}

/**
 * Runs migrations inside a transaction that is somebody else's, on its connection; TypeORM itself would take another one. The
 * schema must be there.
 * @param names which of them to run, in this order
 */
export async function runInside(
  runner: QueryRunner,
  client: ClientBase,
  schema: Pick<ServiceSchema, 'name' | 'migrations'>,
  names: readonly string[],
): Promise<void> {
  // Migrations name their tables without a schema; this is where they land.
  await client.query(`SET LOCAL search_path TO ${client.escapeIdentifier(schema.name)}`);
  await client.query(HISTORY);
  for (const name of names) {
    const found = classesOf(schema.migrations).find((migration) => migration.name === name);
    if (!found) throw new Error(`there is no migration ${name}`);
    await new found().up(runner);
    await client.query('INSERT INTO migrations ("timestamp", name) VALUES ($1, $2)', [Number(name.slice(-13)), name]);
  }
}

/** As TypeORM makes it; the name of the constraint is what it would choose. */
const HISTORY = `
  CREATE TABLE IF NOT EXISTS migrations (
    id serial NOT NULL,
    "timestamp" bigint NOT NULL,
    name character varying NOT NULL,
    CONSTRAINT "PK_8c82d7f526340ab734260ea46be" PRIMARY KEY (id)
  )`;

function classesOf(migrations: ServiceSchema['migrations']): MigrationClass[] {
  return Object.values(migrations) as MigrationClass[];
}
