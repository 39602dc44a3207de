/**
 * `npm run test:mutation`: makes one mistake at a time where a promise is kept, and asks the tests beside it to notice.
 * --count N (200), --seed N (1), --lanes N (2), --promise TEXT for those whose promise says that, --again forgets results,
 * --minutes N ends after the mutant that is tried by then; the next run goes on.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureReady, root, runInForeground, toolEnvironment } from '../bootstrap.mjs';
import { runMutants } from './run.mjs';

const flags = {
  count: { type: 'string', default: '200' },
  seed: { type: 'string', default: '1' },
  lanes: { type: 'string', default: '2' },
  minutes: { type: 'string', default: '60' },
  promise: { type: 'string' },
  again: { type: 'boolean', default: false },
};

async function main(args) {
  const { values } = parseArgs({ args, options: flags });
  const [count, seed, lanes, minutes] = [values.count, values.seed, values.lanes, values.minutes].map(Number);
  if (![count, seed, lanes, minutes].every((number) => Number.isSafeInteger(number) && number > 0))
    throw new Error('--count, --seed, --lanes and --minutes are whole numbers above 0.');
  const { node } = await ensureReady();
  if (node !== process.execPath)
    return runInForeground(node, [fileURLToPath(import.meta.url), ...args], toolEnvironment(node));
  return runMutants({ root, count, seed, lanes, minutes, promise: values.promise, isAgain: values.again });
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(2);
}
