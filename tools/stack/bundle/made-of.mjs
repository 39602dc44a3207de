import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const record = '.made-of';

/**
 * Whether a bundle is there and everything that it was made of is as it was then, the Node that bundles included.
 * @param {string} folder
 */
export function isMadeOf(folder) {
  const file = join(folder, record);
  if (!existsSync(file)) return false;
  const { node, files } = JSON.parse(readFileSync(file, 'utf8'));
  return node === process.version && Object.entries(files).every(([path, stamp]) => stampOf(path) === stamp);
}

/** Says what a bundle was made of: files of this repository, and of what is installed. */
export function recordMadeOf(folder, files) {
  const own = import.meta.dirname;
  const all = [
    ...files.filter((path) => existsSync(path)),
    ...['ascii', 'bundle', 'left-out', 'services'].map((name) => join(own, `${name}.mjs`)),
  ];
  const stamps = Object.fromEntries(all.map((path) => [path, stampOf(path)]));
  writeFileSync(join(folder, record), JSON.stringify({ node: process.version, files: stamps }));
}

function stampOf(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  return found && `${found.mtimeMs} ${found.size}`;
}
