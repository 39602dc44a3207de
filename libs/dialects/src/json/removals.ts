import type { Edit } from './splice.ts';

/** Something that stands in a list separated by commas: a member of an object, an element of an array. */
export interface Listed {
  start: number;
  valueEnd: number;
}

/**
 * Takes members or elements out together with the commas that belonged to them.
 * @param listed all that stand in the object or array, in order
 * @param isCut which of them go
 */
export function removals<T extends Listed>(listed: readonly T[], isCut: (each: T, index: number) => boolean): Edit[] {
  const edits: Edit[] = [];
  /** Where the one before ends, once something is kept that the comma in front of a cut one belongs to. */
  let endBefore: number | undefined;
  listed.forEach((each, at) => {
    const start = endBefore ?? each.start;
    const end = endBefore === undefined ? (listed[at + 1]?.start ?? each.valueEnd) : each.valueEnd;
    const isKept = !isCut(each, at);
    if (!isKept) edits.push({ start, end, text: '' });
    if (isKept || endBefore !== undefined) endBefore = each.valueEnd;
  });
  return edits;
}
