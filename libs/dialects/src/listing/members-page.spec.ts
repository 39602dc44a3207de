import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { membersPage } from './members-page.ts';

const BEGIN = '<!-- members: generated, UPDATE_DOCS=1 writes them -->';
const END = '<!-- members: end -->';

describe('docs/endpoints.md', () => {
  test('lists the members that the schemas list; UPDATE_DOCS=1 writes them', () => {
    const file = new URL('../../../../docs/endpoints.md', import.meta.url);
    const before = readFileSync(file, 'utf8');
    const [head = '', rest = ''] = before.split(BEGIN);
    const [, tail = ''] = rest.split(END);
    const after = `${head}${BEGIN}\n\n${membersPage()}\n${END}${tail}`;
    if (process.env.UPDATE_DOCS === '1') writeFileSync(file, after);
    expect(readFileSync(file, 'utf8')).toBe(after);
  });
});
