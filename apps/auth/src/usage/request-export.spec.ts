import { describe, expect, test } from '@jest/globals';
import type { ConsoleRequest } from '@orgn/console-api';
import fc from 'fast-check';
import { toCell, toCsv, toNdjson } from './request-export.ts';

describe('a cell of a spreadsheet', () => {
  test.each([
    ['=1+1', `'=1+1`],
    ['+1', `'+1`],
    ['-1', `'-1`],
    ['@SUM(A1)', `'@SUM(A1)`],
    ['\t=1', `"'\t=1"`],
    ['\r=1', `"'\r=1"`],
    ['a,b', '"a,b"'],
    ['say "x"', '"say ""x"""'],
    ['plain', 'plain'],
    [null, ''],
    [12, '12'],
    [false, 'false'],
  ])('%j is written as %j', (value, written) => expect(toCell(value)).toBe(written));

  test('never begins with what would make it a formula, and reads back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'=+-@\t\r\n",a1 '), maxLength: 12 }), (text) => {
        const cell = toCell(text);
        const read = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
        expect(read).not.toMatch(/^[=+\-@\t\r\n]/);
        expect([text, `'${text}`]).toContain(read);
      }),
    );
  });
});

describe('what an export was cut off at', () => {
  const cut = async function* (): AsyncGenerator<ConsoleRequest[], string | null> {
    yield await Promise.resolve([]);
    return 'the-cursor';
  };

  test('is its last line', async () => {
    expect((await Array.fromAsync(toCsv(cut()))).at(-1)).toBe('more,the-cursor\r\n');
    expect((await Array.fromAsync(toNdjson(cut()))).at(-1)).toBe('{"nextCursor":"the-cursor"}\n');
  });
});
