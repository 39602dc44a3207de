import { ensureCertificates } from './certificates/certificate-folder.mjs';
import { tlsFolder } from './internal-tls.mjs';
import { findPostgres } from './postgres-binaries.mjs';
import { postgresOwner } from './postgres-owner.mjs';
import { copyFiles } from './postgres-tls.mjs';
import { stackPaths } from './stack-dir.mjs';
import { readStackFile } from './stack-file.mjs';

/** What is not ours reads its files again on SIGHUP; our services look at theirs themselves. */
const told = ['postgres', 'nats'];

/**
 * Makes new certificates for the stack in `dir`, of its own authority, and has its servers show them, without a restart.
 * @returns {Promise<string[]>} whose certificates are new
 * @throws when no stack is there
 */
export async function renewStackCertificates(dir, root) {
  const paths = stackPaths(dir);
  const stack = readStackFile(paths.stackFile);
  if (stack === undefined) throw new Error(`${dir} holds no stack.json: no stack was ever there.`);
  if (!stack.bus?.ca) throw new Error(`The stack in ${dir} runs in the clear (INTERNAL_TLS=off).`);
  const renewed = await ensureCertificates(tlsFolder(paths), { renew: true });
  copyFiles(tlsFolder(paths), postgresOwner(paths, findPostgres(root).nativeDir));
  for (const { service, pid } of stack.processes) if (told.includes(service)) process.kill(pid, 'SIGHUP');
  return renewed;
}
