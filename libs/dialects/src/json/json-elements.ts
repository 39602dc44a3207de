import { skipSpace, valueEndOf } from './json-members.ts';

const COMMA = 0x2c;
const CLOSING = 0x5d;

/** One element of a JSON array, by byte offsets. */
export interface JsonElement {
  start: number;
  valueEnd: number;
}

/**
 * Lists the elements of the array that starts at `start`, in order.
 * @param bytes well-formed JSON in UTF-8
 * @param start offset of the array's `[`
 */
export function elementsOf(bytes: Buffer, start: number): JsonElement[] {
  const elements: JsonElement[] = [];
  let at = skipSpace(bytes, start + 1);
  while (at < bytes.length && bytes[at] !== CLOSING) {
    const valueEnd = valueEndOf(bytes, at);
    elements.push({ start: at, valueEnd });
    at = skipSpace(bytes, valueEnd);
    if (bytes[at] === COMMA) at = skipSpace(bytes, at + 1);
  }
  return elements;
}
