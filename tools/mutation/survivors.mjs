import { existsSync, readFileSync } from 'node:fs';

/**
 * The survivors that docs/mutants.md explains: names of mutants with the reason why no test can or need notice them.
 * @returns {Map<string, string>}
 */
export function explainedIn(page) {
  if (!existsSync(page)) return new Map();
  const rows = readFileSync(page, 'utf8').matchAll(/^\| `([0-9a-f]{10})` +\|.*\| ([^|]+) \|$/gm);
  return new Map([...rows].map(([, id, reason]) => [id, reason.trim()]));
}

/** A survivor as a row of docs/mutants.md, its reason to be filled in. */
export function asRow({ id, file, line, mistake, before, replacement }) {
  const cell = (text) => `\`${text.replaceAll('|', '\\|').replaceAll('`', "'").slice(0, 80)}\``;
  return `| \`${id}\` | ${file}:${line} | ${mistake}: ${cell(before)} → ${cell(replacement)} | ? |`;
}
