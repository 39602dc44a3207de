import { Refusal } from './refusal.ts';

const headEnd = Buffer.from('\r\n\r\n');

/** The parts of a form by name, as bytes; the first of a name counts. Throws a 400 Refusal. */
export function parseForm(body: Buffer, contentType: string): ReadonlyMap<string, Buffer> {
  const boundary = /^multipart\/form-data;.*\bboundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (boundary === undefined) throw new Refusal(400, 'The request body is not a form.');
  const delimiter = Buffer.from(`--${boundary}`);
  const parts = new Map<string, Buffer>();
  let start = body.indexOf(delimiter);
  let end = nextAfter(body, delimiter, start);
  while (end > 0) {
    // A part stands between line ends: one after the boundary before it, one before the boundary after it.
    addPart(parts, body.subarray(start + delimiter.length + 2, end - 2));
    start = end;
    end = nextAfter(body, delimiter, start);
  }
  return parts;
}

function nextAfter(body: Buffer, delimiter: Buffer, start: number): number {
  return start < 0 ? -1 : body.indexOf(delimiter, start + delimiter.length);
}

function addPart(parts: Map<string, Buffer>, part: Buffer): void {
  const head = Math.max(0, part.indexOf(headEnd));
  const name = /\bname="([^"]*)"/.exec(part.toString('utf8', 0, head))?.[1];
  if (name !== undefined && !parts.has(name)) parts.set(name, part.subarray(head + headEnd.length));
}
