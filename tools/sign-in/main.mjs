/**
 * `npm run test:sign-in [-- --only keycloak|dex]`: walks through sign-in at real providers, on a stack of its own. They are
 * installed under SIGN_IN_DIR by Maven and Go. Exit code: 0 all is well, 1 a step failed, 3 no provider can be had here.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureReady, runInForeground, toolEnvironment } from '../bootstrap.mjs';
import { dex } from './dex.mjs';
import { MissingError } from './installs.mjs';
import { keycloak } from './keycloak.mjs';
import { startStack } from './stack.mjs';
import { walk } from './walk.mjs';

const providers = { keycloak, dex };
const secret = 'a secret: with+signs/and%20=more';

async function main(argv) {
  const { values } = parseArgs({ args: argv, options: { only: { type: 'string' } } });
  const names = Object.keys(providers).filter((name) => !values.only || name === values.only);
  if (names.length === 0) throw new Error(`--only takes ${Object.keys(providers).join(' or ')}.`);
  const { node } = await ensureReady();
  if (node !== process.execPath) {
    return runInForeground(node, [fileURLToPath(import.meta.url), ...argv], toolEnvironment(node));
  }
  const outcomes = [];
  for (const name of names) outcomes.push(await tryOne(name, node));
  if (outcomes.includes('failed')) return 1;
  return outcomes.includes('passed') ? 0 : 3;
}

/** Installs a provider, starts it and a stack that signs in there, and walks. */
async function tryOne(name, node) {
  const running = [];
  try {
    const provider = await providers[name].install();
    console.log(`\n${name} ${provider.version}`);
    const plan = await startStack.plan();
    const started = await provider.start({ port: plan.providerPort, console: plan.console, clientId: 'orgn', secret });
    running.push(started);
    running.push(await startStack(plan, { node, issuer: started.issuer, clientId: 'orgn', secret }));
    return (await walk(started, plan)) ? 'passed' : 'failed';
  } catch (error) {
    if (!(error instanceof MissingError)) {
      console.log(`FAIL ${name}: ${error.stack}`);
      return 'failed';
    }
    console.log(`${name} cannot be had here: ${error.message}`);
    return 'missing';
  } finally {
    for (const one of running.reverse()) await one.stop();
  }
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  console.error(error.message);
  process.exit(2);
}
