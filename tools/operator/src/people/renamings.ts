import { readFileSync } from 'node:fs';
import type { Renaming } from '@orgn/contracts';
import { UsageError } from '../usage-error.ts';

/** What may stand between an old and a new name, the clearest first: a name may hold a blank or a comma itself. */
const SEPARATORS = [/\s*→\s*/, /\s*->\s*/, /\t+/, /\s+/, /\s*,\s*/];

/**
 * Reads a file of old and new names, one pair a line: `old → new`, or with a tab or blanks between. Empty lines are skipped.
 * @throws UsageError naming the line at fault: no pair, or a name that an earlier line has already
 */
export function readRenamings(file: string): Renaming[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UsageError(`--map: ${file} cannot be read.`, { cause });
  }
  return parseRenamings(text);
}

/** As `readRenamings`. */
export function parseRenamings(text: string): Renaming[] {
  const seen = { from: new Set<string>(), to: new Set<string>() };
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const pairs = lines.flatMap((line, index) => {
    if (line.trim() === '') return [];
    const pair = toPair(line.trim(), index + 1);
    for (const side of ['from', 'to'] as const) {
      if (seen[side].has(pair[side])) throw new UsageError(`--map: line ${index + 1} names somebody a second time.`);
      seen[side].add(pair[side]);
    }
    return [pair];
  });
  if (pairs.length === 0) throw new UsageError('--map: the file names nobody.');
  return pairs;
}

function toPair(line: string, number: number): Renaming {
  const [from, to, ...rest] = line.split(SEPARATORS.find((separator) => separator.test(line)) ?? /$/);
  if (from && to && rest.length === 0) return { from, to };
  throw new UsageError(`--map: line ${number} is not an old and a new name.`);
}
