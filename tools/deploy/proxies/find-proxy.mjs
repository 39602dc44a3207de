import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fetchFromDebian } from '../../stack/nats-server-debian.mjs';

/**
 * Finds a proxy that people put in front: on PATH, in the cache, or in the package of Debian or Ubuntu, which is unpacked and
 * not installed.
 * @param {'caddy' | 'nginx'} name of the program and of its package
 * @param {string} cache a folder
 * @returns {Promise<string | undefined>} its path; undefined where it is not to be had
 */
export async function findProxy(name, cache, env = process.env) {
  const cached = join(cache, name);
  const places = [
    ...(env.PATH ?? '').split(delimiter).map((folder) => join(folder, name)),
    `/usr/sbin/${name}`,
    cached,
  ];
  const found = places.find(isUsable);
  if (found) return found;
  try {
    await fetchFromDebian({ path: cached, run, program: name }, env);
  } catch {
    return undefined;
  }
  return isUsable(cached) ? cached : undefined;
}

function isUsable(path) {
  if (!existsSync(path)) return false;
  const flag = path.endsWith('nginx') ? '-v' : 'version';
  return spawnSync(path, [flag], { stdio: 'ignore', timeout: 10_000 }).status === 0;
}

async function run({ command, args, cwd, env }) {
  const { status, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8', timeout: 60_000 });
  if (status !== 0) throw new Error(`${command}: ${stderr?.slice(-300)}`);
}
