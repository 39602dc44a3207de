/**
 * Builds the console's pages into apps/console/dist: hashed files, each also compressed, and `pages.json`, the addresses that
 * are pages. Does nothing when they are built of the very same sources already.
 */
import { createHash } from 'node:crypto';
import { existsSync, globSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { build } from 'vite';

const here = import.meta.dirname;
const root = join(here, '../..');
const dist = join(here, 'dist');
const record = join(dist, '.built-of');
const sources = [
  'apps/console/{index.html,build.mjs,vite.config.mjs,package.json}',
  'apps/console/{src,public}/**/*',
  'libs/{attestation,console-api,contracts,receipts}/{src/**/*.ts,package.json}',
  'package-lock.json',
];

/** A digest of everything that the pages are made of. */
function digestOfSources() {
  const hash = createHash('sha256').update(process.version);
  const files = globSync(sources, { cwd: root, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).filter((path) => !/\.spec\.tsx?$/.test(path));
  for (const path of paths.sort()) hash.update(path.slice(root.length)).update(readFileSync(path));
  return hash.digest('hex');
}

const squeeze = {
  br: (bytes) => promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
  gz: (bytes) => promisify(gzip)(bytes, { level: 9 }),
};

async function compress() {
  const files = readdirSync(dist, { recursive: true }).filter((name) => /\.(js|css|svg|html)$/.test(name));
  await Promise.all(
    files.map(async (name) => {
      const bytes = readFileSync(join(dist, name));
      for (const [ending, by] of Object.entries(squeeze))
        writeFileSync(join(dist, `${name}.${ending}`), await by(bytes));
    }),
  );
}

const digest = digestOfSources();
if (existsSync(record) && readFileSync(record, 'utf8') === digest) {
  console.log('the console is built');
} else {
  await build({ configFile: join(here, 'vite.config.mjs'), logLevel: 'warn' });
  const { pages } = await import('./src/pages.ts');
  writeFileSync(
    join(dist, 'pages.json'),
    `${JSON.stringify(
      pages.map(({ path }) => path),
      null,
      2,
    )}\n`,
  );
  await compress();
  writeFileSync(record, digest);
  console.log('the console was built');
}
