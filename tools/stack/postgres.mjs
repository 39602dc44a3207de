import {
  closeSync,
  existsSync,
  fchownSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { bareEnvironment } from './environment.mjs';
import { host } from './ports.mjs';
import { findPostgres } from './postgres-binaries.mjs';
import { postgresOwner } from './postgres-owner.mjs';
import { postgresTls } from './postgres-tls.mjs';
import { postgresProbe } from './probes.mjs';
import { tiers } from './stop-order.mjs';

export const superuser = 'orgn_admin';
export const database = 'orgn';

/** Statements, their parameters and the rows they are about can hold what no log may hold: only messages are logged. */
const quiet = { log_min_error_statement: 'panic', log_error_verbosity: 'terse' };

/**
 * Starts PostgreSQL on the data of this stack, which is made first when there is none.
 * @param {import('./supervisor.mjs').Stack & { opsToken: string }} stack
 * @returns {Promise<string>} a few words for the terminal
 */
export async function startPostgres(stack) {
  const { nativeDir, major } = findPostgres(stack.options.root);
  const owner = postgresOwner(stack.paths, nativeDir);
  const isNew = !existsSync(owner.dataDir);
  if (isNew) await makeCluster(stack, owner);
  else refuseOtherMajor(owner.dataDir, major);
  const tls = postgresTls(stack.tls, owner, superuser);
  await stack.children.start([serverDefinition(owner, { port: stack.ports.get('postgres'), ...tls })]);
  return [`PostgreSQL ${major}`, owner.how, isNew ? 'new data' : 'data as it was'].filter(Boolean).join(', ');
}

/** The address with all rights. */
export function adminUrl({ ports, opsToken }) {
  return `postgresql://${superuser}:${opsToken}@${host}:${ports.get('postgres')}/${database}`;
}

function serverDefinition(owner, given) {
  const settings = {
    ...given,
    listen_addresses: host,
    // Paths of Unix sockets have a length limit that the folder of a stack may exceed; nobody needs one.
    unix_socket_directories: '',
    max_connections: 200,
    ...quiet,
  };
  return {
    name: 'postgres',
    service: 'postgres',
    tier: tiers.database,
    ...owner.run('postgres', ['-D', owner.dataDir, ...asFlags(settings)]),
    env: bareEnvironment(),
    // Fast shutdown: ends sessions and writes everything; SIGTERM would wait for clients to leave.
    stopSignal: 'SIGINT',
    probe: postgresProbe(owner.dataDir),
  };
}

/** Made under another name first: data that is there is complete. */
async function makeCluster({ paths, children, opsToken }, owner) {
  const draft = `${owner.dataDir}.new`;
  rmSync(draft, { recursive: true, force: true });
  const initdb = ['-D', draft, '-U', superuser, '--auth=scram-sha-256', '--pwfile=/dev/fd/3', '--data-checksums'];
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const run = owner.run('initdb', [...initdb, ...locale, '--no-instructions']);
  const password = namelessFile(paths, opsToken, run.identity);
  try {
    await children.run({ name: 'initdb', ...run, env: bareEnvironment(), descriptors: [password] });
  } finally {
    closeSync(password);
  }
  const single = owner.run('postgres', ['--single', '-D', draft, ...asFlags(quiet), 'postgres']);
  const io = { input: `CREATE DATABASE ${database}\n` };
  await children.run({ name: 'initdb', ...single, env: bareEnvironment() }, io);
  renameSync(draft, owner.dataDir);
}

/** An open file without a name: what is written to it is gone with its last reader, and was never to be found. */
function namelessFile(paths, text, identity) {
  const name = join(paths.run, `nameless.${process.pid}`);
  const fd = openSync(name, 'wx+', 0o600);
  unlinkSync(name);
  if (identity) fchownSync(fd, identity.uid, identity.gid);
  writeSync(fd, text, 0);
  return fd;
}

function refuseOtherMajor(dataDir, major) {
  const found = readFileSync(join(dataDir, 'PG_VERSION'), 'utf8').trim();
  if (found === major) return;
  throw new Error(
    `${dataDir} was written by PostgreSQL ${found}; this is ${major}. Back it up with the release that wrote it and restore it in another folder (docs/backup.md), or start with --fresh.`,
  );
}

function asFlags(settings) {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
