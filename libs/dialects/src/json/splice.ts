/** Replaces `bytes[start, end)` by `text`; an insertion has `start === end`. */
export interface Edit {
  start: number;
  end: number;
  text: string;
}

/**
 * Applies byte-range edits and leaves every other byte as it was sent: bodies are never parsed and written again, since
 * that would change numbers, escapes and order, and with them what an enclave signed.
 * @param edits must not overlap; any order
 */
export function splice(bytes: Buffer, edits: readonly Edit[]): Buffer {
  return edits.length === 0 ? bytes : Buffer.concat(splicePieces(bytes, edits));
}

/**
 * The same as pieces, in order, of which all but the edits are the memory that was given: nothing that grows with its length
 * is done.
 */
export function splicePieces(bytes: Buffer, edits: readonly Edit[]): Buffer[] {
  const parts: Buffer[] = [];
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (edit.start < at) throw new RangeError('edits overlap');
    parts.push(bytes.subarray(at, edit.start), Buffer.from(edit.text));
    at = edit.end;
  }
  parts.push(bytes.subarray(at));
  return parts;
}
