/**
 * `npm run test:recorded -- --samples DIR`: verifies recorded attestation evidence at the time when it was recorded, and says of
 * each folder whether the good was verified and the bad refused for the right reason. The folder belongs to no clone; without
 * --samples it is SAMPLES_DIR, or where this project's own collection lies beside the clone.
 *
 * --if-there   does nothing when there is no such folder (for CI)
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureReady, root, runInForeground, toolEnvironment } from '../bootstrap.mjs';

const options = { samples: { type: 'string' }, 'if-there': { type: 'boolean' } };
const { values } = parseArgs({ options });
const samples = values.samples
  ? resolve(values.samples)
  : resolve(root, process.env.SAMPLES_DIR ?? '../shared/attestation-samples');

async function main() {
  if (!existsSync(samples)) {
    console.log(`no recorded evidence at ${samples}`);
    return values['if-there'] ? 0 : 2;
  }
  const { node } = await ensureReady();
  const environment = toolEnvironment(node);
  const built = await runInForeground(
    node,
    [join(root, 'node_modules/typescript/bin/tsc'), '-b', 'libs/attestation'],
    environment,
  );
  if (built !== 0) return built;
  return runInForeground(node, [join(root, 'tools/recorded/run.mjs'), samples], environment);
}

process.exitCode = await main();
