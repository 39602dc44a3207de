import { recordsOf } from '@orgn/database';
import type { ClientBase } from 'pg';
import { auditHeads, brokenChains } from '../catalogue/audit-heads.ts';
import { migrationsOf } from '../catalogue/tables.ts';
import { DumpError } from '../dump/dump-error.ts';
import type { Manifest } from '../dump/manifest.ts';
import { migrationsBySchema, schemaNames } from '../service-schemas.ts';

/** Holds what was loaded to what the dump says of it, before anything else touches it. @throws DumpError */
export async function checkLoaded(client: ClientBase, manifest: Manifest): Promise<void> {
  const heads = await auditHeads(client);
  if (heads?.sha256 !== manifest.auditHeads?.sha256)
    throw new DumpError('dump_damaged', 'The audit log does not end where the dump says it does.');
  const [broken] = await brokenChains(client);
  if (broken !== undefined)
    throw new DumpError('dump_damaged', `The audit log's chain ${broken} does not end where its head says it does.`);
  for (const { kid, sample } of manifest.peppers) {
    const { rowCount } = await client.query(
      `SELECT 1 FROM key_registry.api_keys WHERE id = $1 AND digest_kid = $2 AND encode(digest, 'hex') = $3`,
      [sample.keyId, kid, sample.digest],
    );
    if (rowCount !== 1)
      throw new DumpError('dump_damaged', `The key ${sample.keyId} is not stored as the dump says it is.`);
  }
}

/** Holds the database to what this release makes: every migration has run, nothing is half made. @throws Error naming what is missing */
export async function checkWhole(client: ClientBase): Promise<void> {
  for (const name of schemaNames) {
    const ran = new Set((await migrationsOf(client, name)).map((migration) => migration.name));
    const missing = recordsOf(migrationsBySchema[name]).find((record) => !ran.has(record.name));
    if (missing) throw new Error(`${name} lacks the migration ${missing.name}`);
    const { rows } = await client.query<{ what: string }>(UNFINISHED, [name]);
    if (rows[0]) throw new Error(`${name} has something that is not valid: ${rows[0].what}`);
  }
}

const UNFINISHED = `
  SELECT c.relname AS what FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
  WHERE c.relnamespace = to_regnamespace(quote_ident($1)) AND NOT (i.indisvalid AND i.indisready)
  UNION ALL SELECT conname FROM pg_constraint WHERE connamespace = to_regnamespace(quote_ident($1)) AND NOT convalidated`;
