/** @jest-environment node */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Blocks, type Stretch } from './blocks.ts';

const parts = fc.constantFrom(
  ...[
    '# Title\n\n',
    'Some *words* and `code`. ',
    '\n',
    '\n\n',
    '- one\n',
    '  - two\n',
    '1. first\n',
    '> said\n',
    '```py\n',
    'x = 1\n',
  ],
  ...[
    '```\n\n',
    '| a | b |\n',
    '|---|---|\n',
    '| 1 | 2 |\n',
    '<b>raw</b>',
    '[link](https://a.test) ',
    '[late][ref]\n\n',
    '---\n',
  ],
  ...['[ref]: https://b.test\n\n', '\t', '***', '<!-- no', '\\', '🙂 '],
);
const documents = fc.array(parts, { maxLength: 60 });

const tokensOf = (stretches: readonly Stretch[]) => stretches.flat().map(({ token }) => token);

const read = (pieces: readonly string[]) => {
  const blocks = new Blocks();
  let text = '';
  for (const piece of pieces) blocks.read((text += piece), false);
  return { blocks, text };
};

describe('an answer that is read while it comes', () => {
  test('is, once it has ended, what it would be read as a whole', () => {
    fc.assert(
      fc.property(documents, (pieces) => {
        const { blocks, text } = read(pieces);
        expect(blocks.read(text, true)).toEqual(new Blocks().read(text, true));
      }),
    );
  });

  test('is at every moment what it would be read as a whole until there', () => {
    fc.assert(
      fc.property(documents, (pieces) => {
        const blocks = new Blocks();
        let text = '';
        for (const piece of pieces.filter((one) => !one.includes('[ref]'))) {
          const shown = blocks.read((text += piece), false);
          expect(tokensOf(shown)).toEqual(tokensOf(new Blocks().read(text, true)));
        }
      }),
    );
  });

  test('keeps the blocks that have ended, so that nothing draws them again', () => {
    const blocks = new Blocks();
    const text = Array.from({ length: 20 }, (_, at) => `Paragraph ${at}.\n\n`).join('');
    const [before] = blocks.read(text, false);
    const [after] = blocks.read(`${text}More`, false);
    expect(before).toHaveLength(16);
    expect(after).toBe(before);
  });
});

test.each([
  ['quotes in quotes', '>'.repeat(50_000)],
  ['lists in lists', '- '.repeat(50_000)],
  ['emphasis that never ends', '**a '.repeat(50_000)],
  ['brackets', '['.repeat(50_000)],
  ['links that never end', '[a]('.repeat(20_000)],
  ['one line without an end', 'word '.repeat(100_000)],
  ['backticks', '`'.repeat(50_000)],
  ['a table of one row', '|'.repeat(50_000)],
  ['HTML that never ends', '<a '.repeat(50_000)],
  ['a fence that never ends', '```\n'.concat('x\n'.repeat(50_000))],
])('%s are read in bounded time', (_, text) => {
  const blocks = new Blocks();
  for (let at = 0; at < text.length; at += 10_000) blocks.read(text.slice(0, at), false);
  const whole = blocks.read(text, true);
  expect(whole.length).toBeGreaterThan(0);
});
