/**
 * `npm run secrets`: makes what docker-compose.yml needs and nobody may know: one file for each secret, the authority of
 * this deployment and a certificate for each service, in the folder `secrets`; and `.env`, with the settings that are no
 * secrets. It makes what is missing and overwrites nothing: a lost KEY_PEPPERS makes every key useless. Secrets that are
 * in .env move into their files. With --demo the simulators stand in for the providers.
 *
 * --check          changes nothing, says all that is missing or contradictory, and exits with 1 when something is
 * --renew          makes new certificates of the same authority; servers show them without a restart
 * --renew --dir D  the same for the stack that `npm start` runs in folder D
 */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureReady, runInForeground, toolEnvironment } from './bootstrap.mjs';
import { areBuilt } from './deploy/check/setting-faults.mjs';
import { secretsIn, settleEnvFile } from './deploy/secrets/env-file.mjs';
import { settleBusUsers } from './deploy/secrets/bus-users.mjs';
import { fillSecrets } from './deploy/secrets/secret-folder.mjs';
import { ensureCertificates, modes } from './stack/certificates/certificate-folder.mjs';
import { closedToDebuggers } from './stack/node-flags.mjs';
import { callerDirectory } from './stack/options.mjs';

const say = (text) => console.error(text);

async function main(argv) {
  const flags = {
    demo: { type: 'boolean' },
    renew: { type: 'boolean' },
    dir: { type: 'string' },
    check: { type: 'boolean' },
  };
  const { values } = parseArgs({ args: argv, options: flags });
  if (values.dir !== undefined && !values.renew) throw new Error('--dir goes with --renew.');
  const { node, root } = await ensureReady();
  if (node !== process.execPath) {
    return runInForeground(
      node,
      [...closedToDebuggers, fileURLToPath(import.meta.url), ...argv],
      toolEnvironment(node),
    );
  }
  if (values.dir !== undefined) return renewStack(resolve(callerDirectory(root), values.dir), root);
  if (values.check) return check(process.cwd(), root, node);
  const code = await settle(process.cwd(), values);
  if (areBuilt(root)) say(toWords(await faultsOf(process.cwd(), root)));
  else say('npm run secrets -- --check says what is left to fill in.');
  return code;
}

async function check(dir, root, node) {
  if (!areBuilt(root))
    await runInForeground(node, [join(root, 'node_modules/typescript/bin/tsc'), '-b', root], process.env);
  const faults = await faultsOf(dir, root);
  say(toWords(faults));
  return faults.length > 0 ? 1 : 0;
}

/** What does it needs what is installed first. */
async function faultsOf(dir, root) {
  const { checkDeployment } = await import('./deploy/check/check.mjs');
  return checkDeployment(dir, root);
}

function toWords(faults) {
  if (faults.length === 0) return 'Everything that docker compose needs is there.';
  return `Left to do before docker compose can start this (lines go into .env):\n${faults.map((fault) => `  - ${fault}`).join('\n')}`;
}

async function renewStack(dir, root) {
  const { renewStackCertificates } = await import('./stack/renew-certificates.mjs');
  const renewed = await renewStackCertificates(dir, root);
  say(`Renewed the certificates of ${renewed.join(', ')}.`);
  return 0;
}

async function settle(dir, { demo = false, renew = false }) {
  const [env, folder] = [join(dir, '.env'), join(dir, 'secrets')];
  const changed = fillSecrets(folder, { given: secretsIn(env), demo });
  // A container that finds no folder gets one that belongs to root.
  mkdirSync(join(dir, 'backup'), { recursive: true, mode: 0o700 });
  settleBusUsers(join(dir, 'deploy', 'bus'), folder);
  const certificates = await ensureCertificates(join(folder, 'tls'), { renew, mode: modes.mounted });
  const file = settleEnvFile(env, { demo });
  if (changed.length > 0) say(`Wrote secrets/: ${changed.map((name) => name.toLowerCase()).join(', ')}.`);
  if (certificates.length > 0) say(`Wrote certificates for ${certificates.join(', ')}.`);
  if (file === 'changed') say('Took the secrets out of .env: they are files now.');
  if (file === 'new') say(firstSteps(demo));
  if (changed.length + certificates.length > 0 || file !== 'kept') return 0;
  say('.env and secrets exist and are kept; see docs/deployment.md for how to rotate them.');
  return 1;
}

function firstSteps(demo) {
  const own =
    ' Fill in what only you know: console, identity provider, providers, mail; what is secret of that may stay in\n' +
    '.env until the next `npm run secrets`, which moves it. Then:';
  return `Wrote .env.${demo ? '' : own}\n\n  docker compose up -d --build\n  docker compose run --rm seed`;
}

// Any Node may run this, also one without the flag that does it; with a listener no inspector opens.
process.on('SIGUSR1', () => {});

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  say(error.message);
  process.exitCode = 2;
}
