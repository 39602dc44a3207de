import { readFileSync } from 'node:fs';
import { auditChain, auditPlace, type AuditChain, type AuditPlace } from '@orgn/contracts';
import { z } from 'zod';
import { UsageError } from '../usage-error.ts';

const published = auditPlace.extend({ chain: auditChain });
const listed = z.object({ heads: z.array(z.unknown()).max(1_000_000) });

/** Places of chains that were published, by chain, in the order of their numbers. */
export type PublishedHeads = Map<AuditChain, AuditPlace[]>;

/**
 * Heads that were kept in a file: what `audit heads --json` printed, or lines of a log with `audit head` among them; other lines
 * are passed over.
 * @throws UsageError when the file cannot be read or there is no head in it
 */
export function readPublishedHeads(file: string): PublishedHeads {
  const heads: PublishedHeads = new Map();
  for (const value of readText(file).split('\n').flatMap(toValues)) {
    const head = published.safeParse(value);
    if (!head.success) continue;
    const { chain, ...place } = head.data;
    heads.set(chain, [...(heads.get(chain) ?? []), place]);
  }
  if (heads.size === 0) throw new UsageError(`--heads is not valid: there is no head in ${file}.`);
  for (const places of heads.values()) places.sort((one, other) => one.seq - other.seq);
  return heads;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--heads is not valid: ${file} cannot be read.`, { cause: error });
  }
}

/** Log collectors put names and times before a line's JSON. */
function toValues(line: string): unknown[] {
  const start = line.indexOf('{');
  if (start < 0) return [];
  try {
    const value: unknown = JSON.parse(line.slice(start));
    const list = listed.safeParse(value);
    return list.success ? list.data.heads : [value];
  } catch {
    return [];
  }
}
