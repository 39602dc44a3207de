import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './processes.mjs';

/**
 * A program of Debian that is not installed: its packages are fetched once and unpacked into a folder of the cache.
 * @param {string} cache folder, which is made
 * @param {string[]} packages
 * @returns {Promise<{ root: string, env: Record<string, string> } | undefined>} where it was unpacked, and where its libraries are;
 *   undefined where there is no Debian, or no package to be had
 */
export async function debianPackage(cache, packages) {
  const usr = join(cache, 'usr');
  if (!existsSync(usr)) {
    if (!existsSync('/etc/debian_version')) return undefined;
    try {
      await fetchPackages(cache, packages);
    } catch {
      return undefined;
    }
  }
  const libraries = join(usr, 'lib');
  const folders = existsSync(libraries) ? readdirSync(libraries).map((name) => join(libraries, name)) : [];
  return { root: cache, env: { LD_LIBRARY_PATH: folders.join(':') } };
}

/** apt checks the signatures; all that it writes goes to a private folder. */
async function fetchPackages(cache, packages) {
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
    await run([...apt, 'download', ...packages], { cwd: work });
    for (const name of readdirSync(work).filter((file) => file.endsWith('.deb'))) {
      await run(['dpkg-deb', '-x', name, 'unpacked'], { cwd: work });
    }
    rmSync(cache, { recursive: true, force: true });
    renameSync(join(work, 'unpacked'), cache);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
