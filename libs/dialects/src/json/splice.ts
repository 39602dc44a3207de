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
  if (edits.length === 0) return bytes;
  const parts: Buffer[] = [];
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (edit.start < at) throw new RangeError('edits overlap');
    parts.push(bytes.subarray(at, edit.start), Buffer.from(edit.text));
    at = edit.end;
  }
  parts.push(bytes.subarray(at));
  return Buffer.concat(parts);
}
