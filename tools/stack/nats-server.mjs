import { spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fetchFromDebian } from './nats-server-debian.mjs';
import { fetchFromRelease } from './nats-server-release.mjs';

/**
 * Finds nats-server, or fetches it: NATS_SERVER_BIN, PATH, the cache, the package of Debian or Ubuntu, the official
 * release. Nothing is installed on the machine; what is fetched goes to the cache.
 * @param {object} how
 * @param {string} how.cache folder of the cache
 * @param {(definition: object, io?: object) => Promise<string>} how.run runs a program to its end, see children.mjs
 * @param {(text: string) => void} how.note
 * @returns {Promise<{ path: string, version: string, from: string }>}
 * @throws with what to do, when there is none to be had
 */
export async function findNatsServer({ cache, run, note }, env = process.env) {
  if (env.NATS_SERVER_BIN) return named(env.NATS_SERVER_BIN);
  const cached = join(cache, 'nats-server');
  const found = onPath(env.PATH) ?? usable(cached, `from ${cache}`);
  if (found) return found;
  const target = { path: cached, run };
  return (await fetched(target, { note, env })) ?? giveUp();
}

async function fetched(target, { note, env }) {
  const sources = [
    { what: 'the Debian package', fetch: fetchFromDebian },
    { what: 'the official release', fetch: fetchFromRelease },
  ];
  for (const { what, fetch } of sources) {
    try {
      note(`fetching nats-server: ${what}`);
      const origin = await fetch(target, env);
      return usable(target.path, origin) ?? note(`${what}: the program does not run here`);
    } catch (error) {
      if (error.message === 'stopping') throw error;
      note(`${what}: ${error.message}`);
    }
  }
  return undefined;
}

function giveUp() {
  throw new Error(
    'There is no nats-server. Install it so that it is on PATH, or name it in NATS_SERVER_BIN: https://github.com/nats-io/nats-server/releases',
  );
}

function named(path) {
  const found = usable(path, 'from NATS_SERVER_BIN');
  if (!found) throw new Error(`NATS_SERVER_BIN names ${path}, which does not run as nats-server.`);
  return found;
}

function onPath(path = '') {
  for (const folder of path.split(delimiter).filter(Boolean)) {
    const found = usable(join(folder, 'nats-server'), `from PATH (${folder})`);
    if (found) return found;
  }
  return undefined;
}

/** @returns the program with its version, if it is one and runs */
function usable(path, from) {
  try {
    accessSync(path, constants.X_OK);
    if (!statSync(path).isFile()) return undefined;
  } catch {
    return undefined;
  }
  const { stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' });
  const version = /^nats-server: v(\S+)/.exec(stdout ?? '')?.[1];
  return version && { path, version, from };
}
