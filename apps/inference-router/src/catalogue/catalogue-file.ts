import { createHash } from 'node:crypto';
import { LineCounter, parseDocument, type Document } from 'yaml';
import { z } from 'zod';
import { catalogueEntry, type CatalogueEntry } from './catalogue-entry.ts';

export interface CatalogueContent {
  /** Digest of the file. */
  version: string;
  entries: CatalogueEntry[];
}

/** A models file that cannot be used, with every fault by line, entry and field. */
export class CatalogueError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`The models file is not usable:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.name = 'CatalogueError';
  }
}

/**
 * Reads a catalogue. It names models and provider names only: URLs and credentials are bound together in the
 * environment, so that an edit of this file cannot send a key elsewhere.
 * @throws CatalogueError
 */
export function parseCatalogue(text: string): CatalogueContent {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0)
    throw new CatalogueError(document.errors.map((error) => `line ${error.linePos?.[0].line ?? '?'}: ${error.code}`));
  const parsed = z.array(catalogueEntry).min(1).safeParse(document.toJS());
  if (!parsed.success) {
    const { issues } = parsed.error;
    throw new CatalogueError(issues.map((issue) => `line ${lineOf(document, issue.path, lines)}: ${wordsOf(issue)}`));
  }
  refuseRepeated(parsed.data, document, lines);
  return { version: createHash('sha256').update(text).digest('hex').slice(0, 16), entries: parsed.data };
}

function refuseRepeated(entries: readonly CatalogueEntry[], document: Document, lines: LineCounter): void {
  const ids = entries.map(({ id }) => id);
  const repeated = ids.flatMap((id, index) => (ids.indexOf(id) === index ? [] : [{ id, index }]));
  if (repeated.length === 0) return;
  throw new CatalogueError(
    repeated.map(({ id, index }) => `line ${lineOf(document, [index, 'id'], lines)}: ${id} is listed twice`),
  );
}

function wordsOf(issue: z.core.$ZodIssue): string {
  return `${issue.path.join('.') || 'file'}: ${issue.message}`;
}

/** The line of a value, or of the nearest thing around it that was written. */
function lineOf(document: Document, path: readonly PropertyKey[], lines: LineCounter): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const node = document.getIn(path.slice(0, depth), true) as { range?: [number, number, number] } | undefined;
    if (node?.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
