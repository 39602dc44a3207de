import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { demoMakers, isOperators, secretMakers } from './secret-table.mjs';

/**
 * Containers read secrets as users of their own, so the files are readable for everybody; the folder around them is for its
 * owner alone. What is mounted into a container is one file.
 */
const modes = { folder: 0o700, file: 0o644 };

/** The file of a secret in the folder. */
export const fileOf = (folder, name) => join(folder, name.toLowerCase());

/**
 * Fills the folder: each secret keeps the file it has, else gets the value that was given for it, else a new one.
 * @param {string} folder
 * @param {{ given?: Record<string, string>, demo?: boolean }} options `given`: values by name, from a `.env` of before
 * @returns {string[]} names whose files are new or changed
 * @throws when a secret that was made here is given with another value: one of the two would lock data up for ever
 */
export function fillSecrets(folder, { given = {}, demo = false } = {}) {
  const known = Object.keys(secretMakers).map((name) => [name, read(fileOf(folder, name))]);
  const torn = known.filter(([name, value]) => value && given[name] && given[name] !== value && !isOperators(name));
  if (torn.length > 0) {
    const names = torn.map(([name]) => name).join(', ');
    throw new Error(`.env and the files in ${folder} differ on ${names}: delete the line in .env that is not meant.`);
  }
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, modes.folder);
  const makers = demo ? { ...secretMakers, ...demoMakers } : secretMakers;
  const isMissing = (name, value) => value === undefined || (value === '' && !isOperators(name));
  const changed = known.filter(([name, value]) => isMissing(name, value) || (given[name] && given[name] !== value));
  for (const [name] of changed) write(fileOf(folder, name), given[name] || makers[name]());
  return changed.map(([name]) => name);
}

function read(file) {
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd() : undefined;
}

function write(file, text) {
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, text.endsWith('\n') || text === '' ? text : `${text}\n`, { mode: 0o600 });
  chmodSync(draft, modes.file);
  renameSync(draft, file);
}
