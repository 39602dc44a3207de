import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { checkMeanings } from '@orgn/attestation';
import { receiptCheckMeanings } from '@orgn/receipts';

const path = new URL('../../../docs/verification.md', import.meta.url);

function section(text: string, name: string, meanings: Readonly<Record<string, string>>): string {
  const width = Math.max(...Object.keys(meanings).map((id) => id.length)) + 2;
  const length = Math.max(...Object.values(meanings).map((meaning) => meaning.length));
  const row = (one: string, other: string) => `| ${one.padEnd(width)} | ${other.padEnd(length)} |`;
  const rows = Object.entries(meanings).map(([id, meaning]) => row(`\`${id}\``, meaning));
  const table = [row('check', 'passes when'), `| ${'-'.repeat(width)} | ${'-'.repeat(length)} |`, ...rows].join('\n');
  const [before = '', rest = ''] = text.split(`<!-- ${name} -->`);
  return `${before}<!-- ${name} -->\n\n${table}\n\n${rest.slice(rest.indexOf('<!-- end -->'))}`;
}

test('docs/verification.md says of every check what it means', () => {
  const text = readFileSync(path, 'utf8');
  const written = section(section(text, 'receipt checks', receiptCheckMeanings), 'evidence checks', checkMeanings);
  if (process.env.UPDATE_DOCS === '1') writeFileSync(path, written);
  else expect(text).toBe(written);
});
