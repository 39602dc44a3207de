import { createHash } from 'node:crypto';
import { readReport } from '@orgn/attestation';
import { nodeCrypto } from '@orgn/attestation/node';

const MOST_LINES = 120;
const LONGEST_LINE = 200;
const MOST_BYTES = 128 * 1024;

/**
 * The compose file that a report shows, by its hash; null where it shows none, or one too large to be kept.
 * @param hash SHA-256 in hex, as it was measured @throws Malformed for what is no report
 */
export function composeIn(report: string, hash: string | null): string | null {
  const shown = readReport(report, nodeCrypto).parts.flatMap(({ software }) => software?.appCompose ?? []);
  const named = shown.find((text) => createHash('sha256').update(text).digest('hex') === hash);
  return named === undefined || Buffer.byteLength(named) > MOST_BYTES ? null : named;
}

/**
 * Lines that are in one compose file alone, those of the former with `- `, of the new one with `+ `. Where only their order
 * differs there are none.
 * @returns at most 120 and one that says how many more there are
 */
export function composeChanges(former: string, next: string): string[] {
  const [before, after] = [linesOf(former), linesOf(next)];
  const changed = [
    ...without(before, after).map((line) => `- ${line}`),
    ...without(after, before).map((line) => `+ ${line}`),
  ];
  const more = changed.length - MOST_LINES;
  return more > 0 ? [...changed.slice(0, MOST_LINES), `… and ${more} more lines`] : changed;
}

/** What is in the first and not, or not as often, in the second. */
function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
}

/** dstack's compose file is JSON that holds files with lines of their own. */
function linesOf(text: string): string[] {
  return Object.entries(membersOf(text)).flatMap(([name, value]) => {
    if (typeof value !== 'string') return shortened(`${name}: ${JSON.stringify(value)}`);
    return value.includes('\n') ? value.split('\n').map(shortened) : shortened(`${name}: ${value}`);
  });
}

function membersOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Whatever it is, it has lines.
  }
  return { file: text };
}

/** Control characters are not repeated to people. */
const shortened = (line: string): string => line.replace(/\p{C}/gu, '?').slice(0, LONGEST_LINE).trimEnd();
