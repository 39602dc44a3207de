import { join } from 'node:path';
import { aside } from './aside.mjs';
import { authorityOf, certificateFiles } from './certificates/certificate-folder.mjs';

/**
 * Whether the processes of a stack encrypt what they say to each other.
 * @param {NodeJS.ProcessEnv} env the environment of `npm start`
 * @throws when INTERNAL_TLS is neither on nor off
 */
export function isTlsOn(env) {
  const choice = env.INTERNAL_TLS || 'on';
  if (!['on', 'off'].includes(choice)) throw new Error('INTERNAL_TLS must be on or off.');
  return choice === 'on';
}

/** Where the certificates of a stack are. */
export function tlsFolder(paths) {
  return join(paths.dir, 'tls');
}

/**
 * Gives a stack its certificates, those it has or new ones, and says so in `stack.tls`: the folder, or undefined in the clear.
 * @returns {Promise<string>} a few words for the terminal
 */
export async function openTls(stack) {
  if (!isTlsOn(process.env)) return 'INTERNAL_TLS=off: everything inside is in the clear';
  stack.tls = tlsFolder(stack.paths);
  const made = await aside('certificates/make.mjs', [stack.tls]);
  return made.length > 0 ? `made ${made.length}` : 'as they were';
}

/** What a process of the stack is told about encryption. */
export function tlsEnvironment({ tls }, party) {
  return tls === undefined
    ? { INTERNAL_TLS: 'off' }
    : { INTERNAL_TLS: 'on', TLS_DIR: certificateFiles(tls, party).folder };
}

/** The certificate of the stack's authority, as PEM; null in the clear. */
export function stackAuthority({ tls }) {
  return tls === undefined ? null : authorityOf(tls);
}
