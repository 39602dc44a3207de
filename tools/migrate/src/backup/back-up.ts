import { randomUUID } from 'node:crypto';
import { lstatSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { MIGRATION_LOCK } from '@orgn/database';
import { Client } from 'pg';
import type { Deployment } from '../deployment/deployment.ts';
import { Refusal } from '../deployment/refusal.ts';
import { isDump } from '../dump/is-dump.ts';
import { DumpWriter, UnwritableError } from '../dump/dump-writer.ts';
import { FORMAT, type Manifest } from '../dump/manifest.ts';
import { release } from '../release.ts';
import { schemaNames } from '../service-schemas.ts';
import { dumpWords } from '../words/dump-words.ts';
import { dumpSnapshot } from './snapshot.ts';

/**
 * Writes a dump of a deployment's database, which may be in use.
 * @param to a file, which may be a dump that is replaced once the new one is whole, or a folder, where it gets a name with the time
 * @throws Refusal saying what to do, DumpError never
 */
export async function backUp(deployment: Deployment, to: string): Promise<{ path: string; manifest: Manifest }> {
  try {
    return await writeDump(deployment, await toPath(to));
  } catch (error) {
    if (error instanceof UnwritableError) throw new Refusal('invalid_request', error.message, { cause: error });
    throw error;
  }
}

async function writeDump(deployment: Deployment, path: string): Promise<{ path: string; manifest: Manifest }> {
  const client = new Client({ connectionString: deployment.databaseUrl, ssl: deployment.databaseTls });
  // Whoever waits for an answer hears it too.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await holdOffMigrations(client);
    await using writer = await DumpWriter.create(path);
    const dumpId = randomUUID();
    // First: what is settled meanwhile is in both, and nothing in neither.
    const usage = await dumpWords(writer, deployment);
    const snapshot = await dumpSnapshot(client, writer, {
      schemas: schemaNames,
      peppers: deployment.peppers,
      dumpId,
    });
    if (snapshot.schemas.every(({ migrations }) => migrations.length === 0))
      throw new Refusal('database_empty', 'There is nothing to back up: no schema of this product is in the database.');
    const manifest: Manifest = {
      format: FORMAT,
      id: dumpId,
      product: 'orgn-gateway',
      release,
      ...snapshot,
      usage,
    };
    await writer.finish(manifest);
    return { path, manifest };
  } finally {
    await client.end();
  }
}

/** Nobody migrates or restores while the snapshot is taken; other backups may run. The session's end gives the lock back. */
async function holdOffMigrations(client: Client): Promise<void> {
  const { rows } = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock_shared($1) AS held', [
    MIGRATION_LOCK,
  ]);
  if (!rows[0]?.held)
    throw new Refusal('busy', 'The database is being migrated or restored right now: back up when that is over.');
}

/** @param to a folder where it ends with a slash */
async function toPath(to: string): Promise<string> {
  const found = kindOf(to);
  if (found === 'folder') return join(to, `orgn-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.tar`);
  if (to.endsWith(sep)) throw new Refusal('invalid_request', `${to} is no folder: make it, or name another one.`);
  // Another file by mistake is not written over.
  if (found && !(await isDump(to)))
    throw new Refusal('invalid_request', `${to} is there and is no dump: choose another name.`);
  return to;
}

/** @returns undefined where nothing is; a link to nothing is something else */
function kindOf(path: string): 'folder' | 'other' | undefined {
  try {
    if (!lstatSync(path, { throwIfNoEntry: false })) return undefined;
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ? 'folder' : 'other';
  } catch (error) {
    throw new UnwritableError(path, error);
  }
}
