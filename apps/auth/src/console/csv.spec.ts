import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toCell } from './csv.ts';

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
    [{ number: '-1.000000001' }, '-1.000000001'],
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
