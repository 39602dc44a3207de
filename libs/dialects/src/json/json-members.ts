/** One member of a JSON object, by byte offsets: `bytes.subarray(valueStart, valueEnd)` is its value as it was sent. */
export interface JsonMember {
  name: string;
  /** Offset of the opening quote of the name. */
  start: number;
  valueStart: number;
  valueEnd: number;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/**
 * Lists the members of the object that starts at `start`, in order, duplicates included.
 * @param bytes well-formed JSON in UTF-8 (checked by `JSON.parse` before); anything else gives a meaningless list
 * @param start offset of the object's `{`, or of white space before it
 */
export function membersOf(bytes: Buffer, start = 0): JsonMember[] {
  const members: JsonMember[] = [];
  let at = skipSpace(bytes, start) + 1;
  for (;;) {
    at = skipSpace(bytes, at);
    if (bytes[at] === COMMA) at = skipSpace(bytes, at + 1);
    if (bytes[at] !== QUOTE) return members;
    const nameEnd = stringEnd(bytes, at);
    const valueStart = skipSpace(bytes, skipColon(bytes, nameEnd));
    const valueEnd = valueEndOf(bytes, valueStart);
    members.push({ name: toText(bytes, at, nameEnd), start: at, valueStart, valueEnd });
    at = valueEnd;
  }
}

/** Offset just past the value that starts at `start`. */
export function valueEndOf(bytes: Buffer, start: number): number {
  const first = bytes[start];
  if (first === QUOTE) return stringEnd(bytes, start);
  return isOpening(first) ? containerEnd(bytes, start) : scalarEnd(bytes, start);
}

function containerEnd(bytes: Buffer, start: number): number {
  let depth = 0;
  let at = start;
  while (at < bytes.length) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = stringEnd(bytes, at);
      continue;
    }
    if (isOpening(byte)) depth += 1;
    else if (isClosing(byte)) depth -= 1;
    at += 1;
    if (depth === 0) return at;
  }
  return at;
}

/** Offset just past the closing quote. Jumps from quote to quote natively: prompts are mostly long strings. */
export function stringEnd(bytes: Buffer, openingQuote: number): number {
  let at = openingQuote;
  for (;;) {
    at = bytes.indexOf(QUOTE, at + 1);
    if (at < 0) return bytes.length;
    let slashes = 0;
    while (bytes[at - 1 - slashes] === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return at + 1;
  }
}

function scalarEnd(bytes: Buffer, start: number): number {
  let at = start;
  while (at < bytes.length && !isDelimiter(bytes[at])) at += 1;
  return at;
}

export function skipSpace(bytes: Buffer, start: number): number {
  let at = start;
  while (isSpace(bytes[at])) at += 1;
  return at;
}

function skipColon(bytes: Buffer, start: number): number {
  const at = skipSpace(bytes, start);
  return bytes[at] === COLON ? at + 1 : at;
}

/** A name as the program sees it: escapes resolved, so that `"mod\u0065l"` is `model`. */
function toText(bytes: Buffer, start: number, end: number): string {
  const raw = bytes.toString('utf8', start + 1, end - 1);
  return raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw;
}

const isSpace = (byte: number | undefined) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
const isOpening = (byte: number | undefined) => byte === 0x7b || byte === 0x5b;
const isClosing = (byte: number | undefined) => byte === 0x7d || byte === 0x5d;
const isDelimiter = (byte: number | undefined) => byte === COMMA || isSpace(byte) || isClosing(byte);
