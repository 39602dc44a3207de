import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runOrThrow } from '../processes.mjs';

const timeoutMs = 900_000;

/**
 * Programs and libraries of PyPI, in a virtual environment of their own. The first names the client's version.
 * @param {...string} packages as pip takes them; the newest that fit
 */
export function pip(...packages) {
  const main = packages[0]
    .replace(/\[.*|[<>=].*/, '')
    .replaceAll('-', '_')
    .toLowerCase();
  return {
    async install(folder) {
      mkdirSync(dirname(folder), { recursive: true });
      const options = { cwd: dirname(folder), env: process.env, timeoutMs };
      if (!existsSync(python(folder))) await runOrThrow(['python3', '-m', 'venv', folder], options);
      const flags = ['-q', '--disable-pip-version-check', '--upgrade'];
      await runOrThrow([python(folder), '-m', 'pip', 'install', ...flags, ...packages], options);
    },
    version: (folder) => distributions(folder).find(([name]) => name.toLowerCase() === main)?.[1] ?? 'unknown',
  };
}

export function python(folder) {
  return join(folder, 'bin', 'python');
}

/** Name and version of each `<name>-<version>.dist-info`. */
function distributions(folder) {
  const [release] = readdirSync(join(folder, 'lib'));
  const site = join(folder, 'lib', release, 'site-packages');
  return readdirSync(site)
    .map((entry) => /^(.+)-([^-]+)\.dist-info$/.exec(entry)?.slice(1))
    .filter(Boolean);
}
