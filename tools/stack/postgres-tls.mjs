import { chmodSync, chownSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { certificateFiles } from './certificates/certificate-folder.mjs';
import { host } from './ports.mjs';

/**
 * The settings with which Postgres speaks TLS, and takes nothing else from services. The admin of a stack on this host may
 * also connect in the clear, from loopback: `postgresUrl` in stack.json works for any client, without its authority.
 * @param {string | undefined} tls folder of the stack's certificates; undefined: no TLS
 * @param {import('./postgres-owner.mjs').PostgresOwner} owner
 * @param {string} admin
 */
export function postgresTls(tls, owner, admin) {
  if (tls === undefined) return {};
  const { certificate, key } = copyFiles(tls, owner);
  const rules = join(dirname(certificate), 'pg_hba.conf');
  writeFor(owner, rules, [`host all ${admin} ${host}/32 scram-sha-256`, `hostssl all all ${host}/32 scram-sha-256`]);
  return {
    ssl: 'on',
    ssl_min_protocol_version: 'TLSv1.3',
    ssl_cert_file: certificate,
    ssl_key_file: key,
    hba_file: rules,
  };
}

/**
 * Postgres reads a key only if it is its own, so it gets copies beside its data. It reads them again on SIGHUP.
 * @returns where they are
 */
export function copyFiles(tls, owner) {
  const from = certificateFiles(tls, 'postgres');
  const folder = join(dirname(owner.dataDir), 'postgres-tls');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  give(owner, folder, 0o700);
  const to = { certificate: join(folder, 'tls.crt'), key: join(folder, 'tls.key') };
  for (const name of ['key', 'certificate']) {
    copyFileSync(from[name], to[name]);
    give(owner, to[name], 0o600);
  }
  return to;
}

function writeFor(owner, file, lines) {
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''), { mode: 0o600 });
  give(owner, file, 0o600);
}

function give({ identity }, path, mode) {
  chmodSync(path, mode);
  if (identity) chownSync(path, identity.uid, identity.gid);
}
