import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { checkMeanings } from './check-ids.ts';

const page = new URL('../../../../docs/attestation.md', import.meta.url);

/** A table as the formatter writes it. */
function table(rows: readonly (readonly [string, string])[]): string {
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column as 0 | 1].length)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const [head, ...others] = rows.map(line);
  return [head, line(widths.map((width) => '-'.repeat(width))), ...others].join('\n');
}

test('the documentation says of every check what it means when it passes', () => {
  const rows = Object.entries(checkMeanings).map(([id, meaning]) => [`\`${id}\``, meaning] as const);
  const begin = '<!-- checks: generated, UPDATE_DOCS=1 writes them -->\n';
  const end = '<!-- checks: end -->';
  const text = readFileSync(page, 'utf8');
  const [before = '', rest = ''] = text.split(begin);
  const [, after = ''] = rest.split(end);
  const expected = `${before}${begin}\n${table([['check', 'what it means when it passes'], ...rows])}\n\n${end}${after}`;
  if (process.env.UPDATE_DOCS === '1') writeFileSync(page, expected);
  expect(readFileSync(page, 'utf8')).toBe(expected);
});
