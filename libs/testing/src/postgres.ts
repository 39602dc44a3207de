import { dirname } from 'node:path';
import { migrate, type ServiceSchema } from '@orgn/database';
import { findPostgres } from '@orgn/stack/postgres-binaries.mjs';
import { postgresOwner } from '@orgn/stack/postgres-owner.mjs';
import { adminUrl, startPostgres as startOnStack } from '@orgn/stack/postgres.mjs';
import { freePort } from './free-port.ts';
import { copyTemplate } from './postgres-template.ts';
import { ownServer, TestStack, type TestServer } from './test-stack.ts';

/** A service's schema and the migrations that make it. */
export type TestSchema = Omit<ServiceSchema, 'password'>;

export interface TestPostgres extends TestServer {
  /** As the role that owns everything. */
  adminUrl: string;
  /** As the login role of a schema. */
  urlOf(schema: string): string;
}

/**
 * Starts a PostgreSQL with these schemas, migrated.
 * @param options.tls folder of the certificates that it shows, and then services may not connect in the clear
 * @throws when there is none installed
 */
export async function startPostgres(
  options: { schemas?: readonly TestSchema[]; tls?: string } = {},
): Promise<TestPostgres> {
  const stack = new TestStack();
  stack.tls = options.tls;
  const { nativeDir } = findPostgres(stack.options.root);
  const { dataDir } = postgresOwner(stack.paths, nativeDir);
  // Where Postgres cannot run as the owner of the stack's folder, its files cannot be copied into place either.
  if (dirname(dataDir) === stack.paths.dir) await copyTemplate(dataDir, nativeDir);
  stack.ports.set('postgres', await freePort());
  const server = await ownServer(stack, { name: 'postgres', crashSignal: 'SIGQUIT', start: () => startOnStack(stack) });
  const passwordOf = (schema: string) => stack.secretOf(`postgres:${schema}`);
  const url = adminUrl(stack);
  await migrate(
    url,
    (options.schemas ?? []).map((schema) => ({ ...schema, password: passwordOf(schema.name) })),
  );
  const urlOf = (schema: string) =>
    Object.assign(new URL(url), { username: schema, password: passwordOf(schema) }).href;
  return Object.assign(server, { adminUrl: url, urlOf });
}
