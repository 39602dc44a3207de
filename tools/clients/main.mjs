/** `npm run test:clients`: the real client programs against the real stack. Flags: options.mjs; what it says: docs/clients.md. */
import { fileURLToPath } from 'node:url';
import { ensureReady, root, runInForeground, toolEnvironment } from '../bootstrap.mjs';
import { clientsUsage, parseClients, UsageError } from './options.mjs';
import { runClients } from './run.mjs';

async function main(argv) {
  const options = parseClients(argv, { root });
  const { node } = await ensureReady();
  if (node === process.execPath) return runClients(options);
  return runInForeground(node, [fileURLToPath(import.meta.url), ...argv], toolEnvironment(node));
}

try {
  process.exit((await main(process.argv.slice(2))) ?? 0);
} catch (error) {
  const isUsage = error instanceof UsageError;
  process.stderr.write(isUsage ? `${error.message}\n\n${clientsUsage}` : `${error.message}\n`);
  process.exit(isUsage ? 2 : 1);
}
