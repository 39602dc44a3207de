import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runOrThrow } from '../processes.mjs';

const timeoutMs = 900_000;

/**
 * Programs and libraries of the npm registry. The first names the client's version.
 * @param {...string} packages as `npm install` takes them; without a version the newest
 */
export function npm(...packages) {
  const [main] = packages.map((spec) => spec.replace(/(?<=.)@[^/]*$/, ''));
  return {
    async install(folder) {
      mkdirSync(folder, { recursive: true });
      const manifest = join(folder, 'package.json');
      if (!existsSync(manifest)) writeFileSync(manifest, '{ "private": true, "type": "module" }\n');
      const wanted = packages.map((spec) => (/.@[^/]+$/.test(spec) ? spec : `${spec}@latest`));
      const flags = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];
      const env = { ...process.env, PUPPETEER_SKIP_DOWNLOAD: '1', PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' };
      await runOrThrow(['npm', 'install', ...flags, ...wanted], { cwd: folder, env, timeoutMs });
    },
    version: (folder) => JSON.parse(readFileSync(join(folder, 'node_modules', main, 'package.json'), 'utf8')).version,
  };
}

/** A program of an npm package, as npm links it. */
export function bin(folder, name) {
  return join(folder, 'node_modules', '.bin', name);
}
