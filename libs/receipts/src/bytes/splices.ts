import { concat, Malformed, utf8, type Bytes } from '@orgn/attestation';

/** An edit of bytes: at an offset in the bytes before all edits, so many bytes were taken out and a text was put in. */
export interface Splice {
  readonly at: number;
  readonly length: number;
  readonly put: string;
}

/** An edit that can be undone: it says what was taken out. */
export interface UndoableSplice {
  readonly at: number;
  readonly cut: string;
  readonly put: string;
}

/** Edits bytes again as they were edited. Edits are in order and do not overlap. @throws Malformed */
export function replay(bytes: Uint8Array, splices: readonly Splice[]): Bytes {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const { at: start, length, put } of splices) {
    if (start < at || start + length > bytes.length) throw new Malformed('an edit of bytes that are not there');
    parts.push(bytes.subarray(at, start), utf8(put));
    at = start + length;
  }
  return concat(...parts, bytes.subarray(at));
}

/** What bytes were before they were edited. @param edited the bytes after all edits @throws Malformed */
export function undo(edited: Uint8Array, splices: readonly UndoableSplice[]): Bytes {
  const parts: Uint8Array[] = [];
  let [taken, before] = [0, 0];
  for (const { at, cut, put } of splices) {
    const [wasCut, wasPut] = [utf8(cut), utf8(put)];
    const kept = at - before;
    const start = taken + kept;
    if (kept < 0 || !isAt(edited, wasPut, start)) throw new Malformed('an edit of bytes that are not there');
    parts.push(edited.subarray(taken, start), wasCut);
    taken = start + wasPut.length;
    before = at + wasCut.length;
  }
  return concat(...parts, edited.subarray(taken));
}

function isAt(bytes: Uint8Array, part: Uint8Array, start: number): boolean {
  return start + part.length <= bytes.length && part.every((byte, index) => bytes[start + index] === byte);
}
