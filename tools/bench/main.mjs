/** `npm run bench`: our gateway beside the undici floor and Portkey, one core each. Flags: options.mjs; docs/performance.md. */
import { fileURLToPath } from 'node:url';
import { ensureReady, root, runInForeground, toolEnvironment } from '../bootstrap.mjs';
import { benchUsage, parseBench, UsageError } from './options.mjs';
import { runBench } from './run.mjs';

async function main(argv) {
  const options = parseBench(argv, { root });
  const { node } = await ensureReady();
  if (node === process.execPath) return runBench(options);
  return runInForeground(node, [fileURLToPath(import.meta.url), ...argv], toolEnvironment(node));
}

try {
  process.exit((await main(process.argv.slice(2))) ?? 0);
} catch (error) {
  const isUsage = error instanceof UsageError;
  process.stderr.write(isUsage ? `${error.message}\n\n${benchUsage}` : `${error.message}\n`);
  process.exit(isUsage ? 2 : 1);
}
