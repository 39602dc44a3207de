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
  let hasKept = false;
  listed.forEach((each, at) => {
    const next = listed[at + 1];
    if (!isCut(each, at)) hasKept = true;
    else if (hasKept) edits.push({ start: listed[at - 1]?.valueEnd ?? 0, end: each.valueEnd, text: '' });
    else edits.push({ start: each.start, end: next?.start ?? each.valueEnd, text: '' });
  });
  return edits;
}
