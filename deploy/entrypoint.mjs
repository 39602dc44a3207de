/** Starts what the container's command names: a service, or a job of `tools`. */
import { hostname } from 'node:os';
import { containerEnvironment } from './container-environment.mjs';

const entries = {
  migrate: '../tools/migrate/dist/main.js',
  seed: '../tools/operator/dist/seed.js',
  ...Object.fromEntries(
    ['auth', 'gateway', 'inference-router', 'key-registry', 'usage-metering'].map((service) => [
      service,
      `../apps/${service}/dist/main.js`,
    ]),
  ),
};
const name = process.argv[2] ?? '';
if (!Object.hasOwn(entries, name)) {
  console.error(`The command must be one of: ${Object.keys(entries).join(', ')}.`);
  process.exit(2);
}

try {
  Object.assign(process.env, containerEnvironment(name, process.env, hostname()));
} catch (error) {
  console.error(`${name} cannot start: ${error.message}`);
  process.exit(1);
}
await import(entries[name]);
