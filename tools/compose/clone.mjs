import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, symlinkSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * The repository as somebody would have it who has just cloned it, what is not committed yet included. What is installed is
 * shared, so that nothing is fetched for it.
 * @param {string} root
 * @returns {string} its folder
 */
export function cloneOf(root) {
  const clone = mkdtempSync(join(tmpdir(), 'orgn-compose-'));
  const list = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const { stdout, status } = spawnSync('git', list, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (status !== 0) throw new Error('git cannot say what belongs to the repository.');
  for (const file of stdout.split('\0').filter((name) => name && existsSync(join(root, name)))) {
    mkdirSync(join(clone, dirname(file)), { recursive: true });
    cpSync(join(root, file), join(clone, file), { preserveTimestamps: true });
  }
  // Its packages count as installed from this lock file when they are newer.
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
  utimesSync(join(clone, 'package-lock.json'), 0, 0);
  return clone;
}
