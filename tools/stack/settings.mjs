import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bareEnvironment, settingsFrom } from './environment.mjs';

/** What Node itself reads, beside the settings of a service: certificates of a private authority that providers have. */
const runtimeNames = ['NODE_EXTRA_CA_CERTS'];

/**
 * The settings that a service reads: what its configuration class names. The class is in what the build step made.
 * @returns {Promise<string[]>}
 */
export async function settingNames(root, service) {
  const built = join(root, 'apps', service, 'dist', 'config.js');
  if (!existsSync(built)) throw new Error(`${built} is missing: build first.`);
  const config = Object.values(await import(pathToFileURL(built).href)).find((value) => value?.schema);
  return Object.keys(config.schema.shape);
}

/**
 * What a service gets of the environment of `npm start`: what a program needs, and of the settings those that it reads.
 * @param {NodeJS.ProcessEnv} env
 * @param {string[]} names
 */
export function serviceEnvironment(env, names) {
  const known = new Set([...runtimeNames, ...names, ...names.map((name) => `${name}_FILE`)]);
  const settings = Object.entries(settingsFrom(env)).filter(([name]) => known.has(name));
  return { ...bareEnvironment(env), ...Object.fromEntries(settings) };
}
