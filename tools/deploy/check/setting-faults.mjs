import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { containerEnvironment } from '../../../deploy/container-environment.mjs';

/** What runs with settings, and where its configuration class is once it was built. */
const configurations = {
  gateway: 'apps/gateway/dist/config.js',
  auth: 'apps/auth/dist/config.js',
  'key-registry': 'apps/key-registry/dist/config.js',
  'inference-router': 'apps/inference-router/dist/config.js',
  'usage-metering': 'apps/usage-metering/dist/config.js',
  migrate: 'tools/migrate/dist/config.js',
};

/** Whether the configuration classes were built. */
export const areBuilt = (root) => Object.values(configurations).every((path) => existsSync(join(root, path)));

/**
 * What each service would say of its settings if it started now.
 * @param {string} root the repository
 * @param {import('./compose-file.mjs').ComposeFile} compose
 * @param {string} secrets the folder of the secrets
 * @returns {Promise<{ name: string, message: string, service: string }[]>}
 */
export async function settingFaults(root, compose, secrets) {
  const { findFaults, requireCertificate } = await import('@orgn/service-kit/settings');
  const faults = [];
  for (const [service, path] of Object.entries(configurations)) {
    const exported = await import(pathToFileURL(join(root, path)).href);
    const config = Object.values(exported).find((value) => value?.schema);
    const rules = service === 'migrate' ? [] : [requireCertificate];
    const { environment, fault } = inContainer(service, compose.environmentOf(service, secrets));
    const found = [...(fault ? [fault] : []), ...findFaults(config, environment, rules)];
    faults.push(...found.map((one) => ({ ...one, service })));
  }
  return faults;
}

/** What says that it cannot start before its settings are read names the proxies that are trusted. */
function inContainer(service, environment) {
  try {
    return { environment: containerEnvironment(service, environment, 'host') };
  } catch (error) {
    const assumed = { ...environment, TRUSTED_PROXIES: 'none' };
    return {
      environment: containerEnvironment(service, assumed, 'host'),
      fault: { name: 'TRUSTED_PROXIES', message: error.message },
    };
  }
}
