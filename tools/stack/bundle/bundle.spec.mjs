import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { escaped } from './ascii.mjs';
import { isMadeOf, recordMadeOf } from './made-of.mjs';

const folder = mkdtempSync(join(tmpdir(), 'orgn-bundle-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a bundle is made anew when something that it was made of has changed or gone, and else is not', () => {
  const source = join(folder, 'source.js');
  writeFileSync(source, 'export const a = 1;\n');
  expect(isMadeOf(folder)).toBe(false);
  recordMadeOf(folder, [source, '\0 what no file holds']);
  expect(isMadeOf(folder)).toBe(true);
  writeFileSync(source, 'export const a = 12;\n');
  expect(isMadeOf(folder)).toBe(false);
  recordMadeOf(folder, [source]);
  rmSync(source);
  expect(isMadeOf(folder)).toBe(false);
});

describe('a bundle is ASCII alone, and means the same', () => {
  const letters = String.fromCodePoint(0x17e, 0x1f600, 0xe9);
  test.each([
    `'${letters}'`,
    `\`\${1}${letters}\``,
    `/^[${letters}]+$/u.test('${letters}') && /${letters}/.exec('${letters}')[0]`,
  ])('%s', async (code) => {
    const [before, after] = [code, escaped(code)];
    expect(after).toMatch(/^[\0-\x7f]*$/);
    const load = (text) => import(`data:text/javascript;charset=utf-8,${encodeURIComponent(`export default ${text}`)}`);
    expect((await load(after)).default).toEqual((await load(before)).default);
  });
});
