import { createHash, randomUUID } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { adminUrl, startPostgres as startOnStack } from '@orgn/stack/postgres.mjs';
import { Client } from 'pg';
import { freePort } from './free-port.ts';
import { repository, TestStack } from './test-stack.ts';

const CACHE = join(repository, 'node_modules/.cache/orgn-testing');

/**
 * Copies an empty cluster to `dataDir`. Making one takes seconds on a busy machine and a copy a fraction of one, so it is
 * made once, and kept by the version of Postgres and the code that makes it.
 * @param nativeDir where the binaries are
 */
export async function copyTemplate(dataDir: string, nativeDir: string): Promise<void> {
  const recipe = [
    join(repository, 'tools/stack/postgres.mjs'),
    join(dirname(nativeDir), 'package.json'),
    import.meta.filename,
  ];
  const hash = createHash('sha256');
  for (const file of recipe) hash.update(readFileSync(file));
  const template = join(CACHE, `postgres-${hash.digest('hex').slice(0, 16)}`);
  if (!existsSync(template)) await makeTemplate(template);
  cpSync(template, dataDir, { recursive: true });
  chmodSync(dataDir, 0o700);
}

async function makeTemplate(template: string): Promise<void> {
  const stack = new TestStack();
  try {
    stack.ports.set('postgres', await freePort());
    await startOnStack(stack);
    await forgetDurability(adminUrl(stack));
    await stack.children.stop();
    const draft = `${template}.${randomUUID()}`;
    mkdirSync(CACHE, { recursive: true });
    cpSync(join(stack.paths.dir, 'postgres'), draft, { recursive: true });
    moveUnlessThere(draft, template);
  } finally {
    await stack.close();
  }
}

/** What a power cut would lose, a test does not miss; a crash of Postgres alone still loses nothing. */
async function forgetDurability(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const setting of ['fsync', 'full_page_writes']) await client.query(`ALTER SYSTEM SET ${setting} = off`);
  } finally {
    await client.end();
  }
}

/** Another process may have made the same template in the meantime: one is as good as the other. */
function moveUnlessThere(draft: string, template: string): void {
  try {
    renameSync(draft, template);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(template)) throw error;
  }
}
