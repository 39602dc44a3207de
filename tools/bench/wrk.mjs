import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { run } from './processes.mjs';

/**
 * Finds wrk: on PATH, in the cache, or in Debian's package, which is unpacked into the cache and not installed.
 * @returns {Promise<{ path: string, env: Record<string, string> } | undefined>} undefined where there is none to be had
 */
export async function findWrk({ root }) {
  const cache = join(root, '.local', 'wrk');
  const known = usable('wrk', {}) ?? unpacked(cache);
  if (known || !existsSync('/etc/debian_version')) return known;
  try {
    await fetchPackage(cache);
    return unpacked(cache);
  } catch {
    return undefined;
  }
}

function unpacked(cache) {
  const libraries = join(cache, 'usr', 'lib');
  if (!existsSync(libraries)) return undefined;
  const folders = readdirSync(libraries).map((name) => join(libraries, name));
  return usable(join(cache, 'usr', 'bin', 'wrk'), { LD_LIBRARY_PATH: folders.join(':') });
}

function usable(path, env) {
  const { stdout } = spawnSync(path, ['-v'], { encoding: 'utf8', env: { ...process.env, ...env } });
  return stdout?.startsWith('wrk ') ? { path, env } : undefined;
}

/** apt checks the signatures; all that it writes goes to a private folder. */
async function fetchPackage(cache) {
  mkdirSync(join(cache, '..'), { recursive: true });
  const work = mkdtempSync(`${cache}-fetch-`);
  try {
    for (const folder of ['lists/partial', 'cache/archives/partial', 'unpacked']) {
      mkdirSync(join(work, folder), { recursive: true });
    }
    const settings = [
      `Dir::State::lists=${join(work, 'lists')}`,
      `Dir::Cache=${join(work, 'cache')}`,
      'Debug::NoLocking=1',
      'APT::Sandbox::User=root',
    ];
    const apt = ['apt-get', '-q', ...settings.flatMap((setting) => ['-o', setting])];
    await run([...apt, 'update'], { cwd: work });
    await run([...apt, 'download', 'wrk', 'libluajit-5.1-2'], { cwd: work });
    for (const name of readdirSync(work).filter((file) => file.endsWith('.deb'))) {
      await run(['dpkg-deb', '-x', name, 'unpacked'], { cwd: work });
    }
    rmSync(cache, { recursive: true, force: true });
    renameSync(join(work, 'unpacked'), cache);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
