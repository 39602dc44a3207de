import { X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { secretsIn } from '../secrets/env-file.mjs';

const DAY_MS = 24 * 3_600_000;

/**
 * What is wrong with the files of a deployment: missing ones, whoever may read them, certificates that have ended, and
 * settings that are said twice.
 * @param {{ env: string, secrets: string, names: string[] }} place `names`: of the secrets
 * @returns {{ name: string, message: string }[]}
 */
export function placeFaults({ env, secrets, names }) {
  if (!existsSync(env)) return [{ name: '.env', message: '.env is missing: run npm run secrets' }];
  const absent = names.filter((name) => !existsSync(join(secrets, name)));
  return [
    ...openTo(env, 0o077, '.env', 'chmod 600 .env'),
    ...openTo(secrets, 0o077, 'SECRETS_DIR', 'chmod 700 secrets'),
    ...openTo(join(secrets, 'tls/ca/ca.key'), 0o077, 'secrets/tls/ca/ca.key', 'chmod 600 secrets/tls/ca/ca.key'),
    ...absent.map((name) => ({ name: name.toUpperCase(), message: `secrets/${name} is missing: run npm run secrets` })),
    ...names.filter((name) => !absent.includes(name)).flatMap((name) => closedTo(join(secrets, name), name)),
    ...Object.keys(secretsIn(env)).map((name) => ({
      name,
      message: `${name} is a secret and stands in .env: run npm run secrets, which moves it to its file`,
    })),
    ...certificateFaults(join(secrets, 'tls')),
  ];
}

function openTo(path, others, name, command) {
  if (!existsSync(path) || (statSync(path).mode & others) === 0) return [];
  return [{ name, message: `${name} may be read by others than its owner: ${command}` }];
}

/** Containers read secrets as users of their own. */
function closedTo(path, name) {
  if (statSync(path).mode & 0o004) return [];
  return [
    { name: name.toUpperCase(), message: `secrets/${name} cannot be read by its container: chmod 644 secrets/${name}` },
  ];
}

function certificateFaults(folder) {
  if (!existsSync(folder)) return [{ name: 'secrets/tls', message: 'secrets/tls is missing: run npm run secrets' }];
  return readdirSync(folder).flatMap((party) => {
    const file = [join(folder, party, 'tls.crt'), join(folder, party, 'ca.crt')].find(existsSync);
    return file ? certificateFault(file, `secrets/tls/${party}`) : [];
  });
}

function certificateFault(file, name) {
  try {
    const end = new X509Certificate(readFileSync(file)).validToDate;
    if (end.getTime() > Date.now()) return [];
    const days = Math.ceil((Date.now() - end.getTime()) / DAY_MS);
    return [{ name, message: `${name} holds a certificate that ended ${days} days ago: npm run secrets -- --renew` }];
  } catch {
    return [{ name, message: `${name} holds no certificate that can be read: npm run secrets -- --renew` }];
  }
}
