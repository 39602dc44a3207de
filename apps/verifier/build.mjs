/** Bundles the command into one file that needs nothing but Node: dist/cli.js. Does nothing when it is newer than its sources. */
import { chmodSync, existsSync, globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';

const root = join(import.meta.dirname, '../..');
const cli = join(import.meta.dirname, 'dist/cli.js');
const sources = [
  'apps/verifier/{build.mjs,src/**/*.ts}',
  'libs/{attestation,receipts}/src/**/*.ts',
  'package-lock.json',
];
const newest = Math.max(...globSync(sources, { cwd: root }).map((path) => statSync(join(root, path)).mtimeMs));

if (existsSync(cli) && statSync(cli).mtimeMs > newest) {
  console.log('the verifier is built');
} else {
  await build({
    configFile: false,
    root: import.meta.dirname,
    logLevel: 'warn',
    resolve: { conditions: ['@orgn/source', 'node', 'import', 'default'] },
    ssr: { noExternal: true, resolve: { conditions: ['@orgn/source', 'node', 'import', 'default'] } },
    build: {
      ssr: 'src/cli.ts',
      target: 'node20',
      outDir: 'dist',
      emptyOutDir: false,
      minify: false,
      rolldownOptions: { output: { entryFileNames: 'cli.js', banner: '#!/usr/bin/env node', codeSplitting: false } },
    },
  });
  chmodSync(cli, 0o755);
}
