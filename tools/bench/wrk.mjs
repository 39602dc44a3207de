import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { debianPackage } from './debian-package.mjs';

/**
 * Finds wrk: on PATH, in the cache, or in Debian's package, which is unpacked into the cache and not installed.
 * @returns {Promise<{ path: string, env: Record<string, string> } | undefined>} undefined where there is none to be had
 */
export async function findWrk({ root }) {
  const known = usable('wrk', {});
  if (known) return known;
  const unpacked = await debianPackage(join(root, '.local', 'wrk'), ['wrk', 'libluajit-5.1-2']);
  return unpacked && usable(join(unpacked.root, 'usr', 'bin', 'wrk'), unpacked.env);
}

function usable(path, env) {
  const { stdout } = spawnSync(path, ['-v'], { encoding: 'utf8', env: { ...process.env, ...env } });
  return stdout?.startsWith('wrk ') ? { path, env } : undefined;
}
