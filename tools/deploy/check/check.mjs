import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { ComposeFile } from './compose-file.mjs';
import { engineFaults } from './engine-faults.mjs';
import { placeFaults } from './place-faults.mjs';
import { settingFaults } from './setting-faults.mjs';

/**
 * All that keeps a deployment from starting, or that contradicts itself, each thing once.
 * @param {string} dir the folder of `.env`
 * @param {string} root the repository, built
 * @returns {Promise<string[]>} sentences with the line to add or the command to run; never a value
 */
export async function checkDeployment(dir, root) {
  const env = join(dir, '.env');
  const settings = existsSync(env) ? parseEnv(readFileSync(env, 'utf8')) : {};
  const secrets = resolve(dir, settings.SECRETS_DIR || 'secrets');
  const compose = new ComposeFile(root, settings);
  const { exampleLine } = await import('@orgn/service-kit/settings');
  const found = [
    ...compose.missing.map((name) => ({ name, message: wordsOfMissing(name, exampleLine(name)) })),
    ...placeFaults({ env, secrets, names: compose.secrets }),
    ...engineFaults(settings),
    ...(await settingFaults(root, compose, secrets)),
    ...twoNames(settings),
    ...unread(settings, compose.variables),
  ];
  return oncePerName(found);
}

function wordsOfMissing(name, line) {
  return name === 'SECRETS_DIR'
    ? 'SECRETS_DIR is not set: run npm run secrets'
    : `${name} is not set: add the line ${line}`;
}

/** Two services said the same, or a file and the service that reads it. */
function oncePerName(found) {
  const byName = new Map();
  for (const fault of found) {
    const [message, services] = byName.get(fault.name) ?? [fault.message, []];
    byName.set(fault.name, [message, fault.service ? [...services, fault.service] : services]);
  }
  return [...byName.values()].map(([message, services]) => {
    return services.length > 0 ? `${message} (${[...new Set(services)].join(', ')})` : message;
  });
}

/** Compose hands on what docker-compose.yml names: a line that it does not name changes nothing. */
function unread(settings, variables) {
  const names = Object.keys(settings).filter(
    (name) => !variables.has(name) && !/^(COMPOSE|DOCKER|BUILDKIT)_/.test(name),
  );
  return names.map((name) => ({ name, message: `${name} stands in .env and is read by nothing: see .env.example` }));
}

function twoNames(settings) {
  const both = Object.keys(settings).filter((name) => settings[name] && settings[`${name}_FILE`]);
  return both.map((name) => ({
    name: `${name}_FILE`,
    message: `${name} and ${name}_FILE are both set: keep one line`,
  }));
}
