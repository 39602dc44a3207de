/**
 * Prints which settings services read, as JSON by service: what their configuration classes name, which the build step made.
 *
 * Usage: node tools/stack/setting-names.mjs <root> <service> …
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [root, ...services] = process.argv.slice(2);

async function namesOf(service) {
  const built = join(root, 'apps', service, 'dist', 'config.js');
  if (!existsSync(built)) throw new Error(`${built} is missing: build first.`);
  const config = Object.values(await import(pathToFileURL(built).href)).find((value) => value?.schema);
  return Object.keys(config.schema.shape);
}

const entries = services.map(async (service) => [service, await namesOf(service)]);
console.log(JSON.stringify(Object.fromEntries(await Promise.all(entries))));
