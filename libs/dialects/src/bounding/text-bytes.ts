/** Code units that are brought to a normal form at a time: sorting marks takes time that grows with the square of their number. */
const CHUNK = 1_024;
/** What two pieces of a text can be longer together than one after the other, in bytes. */
const SEAM_BYTES = 16;

/**
 * Bytes that no tokenizer makes more tokens of: of the text in UTF-8, or in the normal forms (NFC, NFKC) that some
 * tokenizers bring it to first, whichever are more. Takes time in proportion to its length.
 */
export function textBytes(text: string): number {
  const bytes = Buffer.byteLength(text);
  if (bytes === text.length) return bytes;
  let most = 0;
  for (let at = 0; at < text.length; at += CHUNK) most += chunkBytes(text.slice(at, at + CHUNK)) + SEAM_BYTES;
  return most;
}

function chunkBytes(text: string): number {
  return Math.max(...[text, text.normalize('NFC'), text.normalize('NFKC')].map((form) => Buffer.byteLength(form)));
}

/** What a template may write around a value: its separators, a line break, a tag. */
const VALUE_BYTES = 4;
/** Levels of indentation that are a token at most. */
const LEVELS = 8;

/**
 * Bytes of a value written as JSON, in whatever notation a chat template has it: with spaces, on lines of its own, or as
 * tags that name each member twice.
 */
export function jsonBytes(value: unknown, depth = 0): number {
  const around = VALUE_BYTES + Math.floor(depth / LEVELS);
  if (typeof value === 'string') return around + quotedBytes(value);
  if (typeof value !== 'object' || value === null) return around + String(value).length;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + jsonBytes(item, depth + 1), around + 2);
  let bytes = around + 2;
  for (const [name, member] of Object.entries(value)) {
    if (member !== undefined) bytes += 2 * quotedBytes(name) + jsonBytes(member, depth + 1);
  }
  return bytes;
}

/** Bytes of a text as JSON writes it. */
export function quotedBytes(text: string): number {
  return textBytes(JSON.stringify(text));
}
