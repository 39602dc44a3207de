import { describe, expect, test } from '@jest/globals';
import { parseRenamings } from './renamings.ts';

describe('a file of old and new names', () => {
  test('may separate them by an arrow, a tab, blanks or a comma', () => {
    const text = '\uFEFFa → 1\nb -> 2\r\n\nc\t3\nd   4\ne,5\nuid=f,ou=x → f g\n';
    expect(parseRenamings(text)).toEqual([
      { from: 'a', to: '1' },
      { from: 'b', to: '2' },
      { from: 'c', to: '3' },
      { from: 'd', to: '4' },
      { from: 'e', to: '5' },
      { from: 'uid=f,ou=x', to: 'f g' },
    ]);
  });

  test.each([
    ['a 1\nb', 'line 2 is not'],
    ['a b c', 'line 1 is not'],
    ['→ b', 'line 1 is not'],
    ['a 1\na 2', 'line 2 names somebody a second time'],
    ['a 1\nb 1', 'line 2 names somebody a second time'],
    ['\n \n', 'names nobody'],
  ])('%j is refused, naming the line', (text, message) => {
    expect(() => parseRenamings(text)).toThrow(message);
  });
});
