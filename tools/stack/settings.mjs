import { aside } from './aside.mjs';
import { bareEnvironment, settingsFrom } from './environment.mjs';

/** What Node itself reads, beside the settings of a service: certificates of a private authority that providers have. */
const runtimeNames = ['NODE_EXTRA_CA_CERTS'];

/**
 * The settings that services read.
 * @param {string} root
 * @param {string[]} services
 * @returns {Promise<Record<string, string[]>>} by service
 */
export function settingNames(root, services) {
  return aside('setting-names.mjs', [root, ...services]);
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
