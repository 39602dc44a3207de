import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { clients } from '../catalogue.mjs';
import { formattedPage, pageWith, updatePage } from './page.mjs';

const root = join(import.meta.dirname, '../../..');
if (process.env.UPDATE_DOCS) await updatePage(root, [], clients);
const page = readFileSync(join(root, 'docs/clients.md'), 'utf8');
describe('docs/clients.md', () => {
  test('says of every client what its file says', async () => {
    expect(await formattedPage(page, [], clients)).toBe(page);
  });

  test('keeps the rows of clients that did not run', () => {
    const [one, other] = [{ title: 'One' }, { title: 'Other' }];
    const row = (client) => ({
      client,
      version: '1',
      verdicts: ['yes', 'yes', 'NO'],
      exchanges: 3,
      recovered: 0,
      leftOut: 'a',
    });
    const both = pageWith(page, [row('One'), row('Other')], [one, other]);
    const again = pageWith(both, [{ ...row('Other'), version: '2' }], [one, other]);
    expect(again).toContain('| One | 1 | yes | yes | NO | 3 | 0 | a |');
    expect(again).toContain('| Other | 2 |');
    expect(again).not.toContain('| Other | 1 |');
  });

  test('has a client of each name once', () => {
    const names = clients.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
