import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cellsOf, markdown } from './table.mjs';

const begin = (part) => `<!-- ${part}: written by npm run test:clients -->`;
const end = (part) => `<!-- end of ${part} -->`;

/**
 * `docs/clients.md` with these rows in its table, those of clients that did not run as they were, and how each client is set up.
 * @param {string} page
 * @param {object[]} rows see `rowOf`
 * @param {object[]} clients all of them, in the order of the page
 */
export function pageWith(page, rows, clients) {
  const known = new Map(linesOf(partOf(page, 'table')).map((cells) => [cells[0], cells]));
  for (const row of rows) known.set(row.client, cellsOf(row));
  const lines = clients.map(({ title }) => known.get(title)).filter(Boolean);
  return replace(replace(page, 'table', markdown(lines)), 'set-up', setUp(clients));
}

/** The same, formatted like everything in the repository. */
export async function formattedPage(page, rows, clients) {
  const { format, resolveConfig } = await import('prettier');
  const style = await resolveConfig(fileURLToPath(import.meta.url));
  return format(pageWith(page, rows, clients), { ...style, parser: 'markdown' });
}

/** Writes the page of the repository. */
export async function updatePage(root, rows, clients) {
  const file = join(root, 'docs/clients.md');
  writeFileSync(file, await formattedPage(readFileSync(file, 'utf8'), rows, clients));
}

function setUp(clients) {
  const told = clients.filter(({ setup }) => setup);
  return told
    .map(({ heading, title, setup, notes = [] }) =>
      [`### ${heading ?? title}`, fence(setup), ...notes.map((note) => `- ${note}`)].join('\n\n'),
    )
    .join('\n\n');
}

function fence({ language = 'sh', lines }) {
  return ['```' + language, ...lines, '```'].join('\n');
}

function partOf(page, part) {
  const [from, to] = [page.indexOf(begin(part)), page.indexOf(end(part))];
  if (from < 0 || to < from) throw new Error(`docs/clients.md has lost its marker of the ${part}`);
  return page.slice(from + begin(part).length, to);
}

function replace(page, part, text) {
  return page.replace(
    `${begin(part)}${partOf(page, part)}${end(part)}`,
    () => `${begin(part)}\n\n${text}\n\n${end(part)}`,
  );
}

function linesOf(table) {
  const lines = table.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}
