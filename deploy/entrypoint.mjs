/** Starts what the container's command names: a service, a job of `tools`, or `operator` with a command for operators. */
import { hostname } from 'node:os';
import { containerEnvironment } from './container-environment.mjs';
import { ownAddressTowards } from './own-address.mjs';

const operatorCommands = '../tools/operator/dist/main.js';
const entries = {
  migrate: '../tools/migrate/dist/main.js',
  seed: '../tools/operator/dist/seed.js',
  operator: operatorCommands,
  ...Object.fromEntries(
    ['auth', 'gateway', 'inference-router', 'key-registry', 'usage-metering'].map((service) => [
      service,
      `../apps/${service}/dist/bundle/main.js`,
    ]),
  ),
};
/** Operator commands that are not in `operatorCommands`; each takes what stands behind its name. */
const ownCommands = { operators: '../tools/operators.mjs' };

/** Those that tell others where they are. */
const announced = ['gateway', 'inference-router'];

const [name = '', command = ''] = process.argv.slice(2);
if (!Object.hasOwn(entries, name)) {
  console.error(`The command must be one of: ${Object.keys(entries).join(', ')}.`);
  process.exit(2);
}

/** What is to run. What comes behind its name becomes its arguments, as on a host. */
function takeEntry() {
  if (name !== 'operator') return entries[name];
  const isOwn = Object.hasOwn(ownCommands, command);
  process.argv.splice(2, isOwn ? 2 : 1);
  return isOwn ? ownCommands[command] : operatorCommands;
}

try {
  const address = announced.includes(name) ? await ownAddressTowards(process.env.NATS_URL) : undefined;
  Object.assign(process.env, containerEnvironment(name, process.env, hostname(), address));
} catch (error) {
  console.error(`${name} cannot start: ${error.message}`);
  process.exit(1);
}
await import(takeEntry());
