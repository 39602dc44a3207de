/** `npm stop`: ends the stack of a folder, whoever started it, and waits until the last process is gone. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { callerDirectory, parseStop, stopUsage, UsageError } from './stack/options.mjs';
import { stopStack } from './stack/stop-stack.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

try {
  const { dir } = parseStop(process.argv.slice(2), { root, cwd: callerDirectory(root) });
  console.log(await stopStack(dir, (text) => console.log(text)));
} catch (error) {
  console.error(error instanceof UsageError ? `${error.message}\n\n${stopUsage}` : error.message);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
