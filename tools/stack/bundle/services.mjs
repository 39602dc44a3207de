import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

/** Modules of a service that it starts in threads of their own, by the names by which it asks for them. */
const threads = {
  gateway: ['inference/reading/reading.worker'],
  'inference-router': ['endpoints/reading.worker'],
};

export const services = ['auth', 'gateway', 'inference-router', 'key-registry', 'usage-metering'];

/** Where a service's bundle is. */
export const bundleOf = (service) => join(root, 'apps', service, 'dist', 'bundle');

/**
 * What a bundle is made of first: compiled files, by the names that they have in it.
 * @param {string} service
 * @returns {Record<string, string>}
 */
export function entriesOf(service) {
  const compiled = (name) => join(root, 'apps', service, 'dist', `${name}.js`);
  const workers = (threads[service] ?? []).map((name) => [name.split('/').at(-1), compiled(name)]);
  return { main: compiled('main'), ...Object.fromEntries(workers) };
}
