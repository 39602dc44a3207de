import { elementsOf } from '../json/json-elements.ts';
import { membersOf } from '../json/json-members.ts';
import { removals } from '../json/removals.ts';
import type { Edit } from '../json/splice.ts';
import type { Step } from './dropped-names.ts';

const OPENING_BRACE = 0x7b;

/** What is cut out of a value: all of it, or things within it. */
export interface Cut {
  isWhole: boolean;
  within: Map<Step, Cut>;
}

export const newCut = (): Cut => ({ isWhole: false, within: new Map() });

/** Marks what lies at a path. */
export function cutAt(root: Cut, path: readonly Step[]): void {
  let at = root;
  for (const step of path) {
    const next = at.within.get(step) ?? newCut();
    at.within.set(step, next);
    at = next;
  }
  at.isWhole = true;
}

/**
 * The byte-range edits that take out what is marked, with the commas that belonged to it.
 * @param bytes well-formed JSON without repeated names
 * @param start offset of the value that the marks are about
 */
export function cutEdits(bytes: Buffer, cut: Cut, start = 0): Edit[] {
  if (cut.within.size === 0) return [];
  const at = bytes.indexOf(OPENING_BRACE, start);
  return cutsOf(bytes, cut, start === 0 ? at : start);
}

function cutsOf(bytes: Buffer, cut: Cut, start: number): Edit[] {
  return bytes[start] === OPENING_BRACE ? memberCuts(bytes, cut, start) : elementCuts(bytes, cut, start);
}

function memberCuts(bytes: Buffer, { within }: Cut, start: number): Edit[] {
  const members = membersOf(bytes, start);
  const own = removals(members, ({ name }) => within.get(name)?.isWhole === true);
  return own.concat(members.flatMap(({ name, valueStart }) => inner(bytes, within.get(name), valueStart)));
}

function elementCuts(bytes: Buffer, { within }: Cut, start: number): Edit[] {
  const elements = elementsOf(bytes, start);
  const own = removals(elements, (_, index) => within.get(index)?.isWhole === true);
  return own.concat(elements.flatMap((element, index) => inner(bytes, within.get(index), element.start)));
}

const inner = (bytes: Buffer, cut: Cut | undefined, start: number): Edit[] =>
  cut && !cut.isWhole && cut.within.size > 0 ? cutsOf(bytes, cut, start) : [];

/** Takes what is marked out of a parsed value; the value itself is changed. */
export function cutValue(value: unknown, { within }: Cut): void {
  if (Array.isArray(value)) cutElements(value, within);
  else if (typeof value === 'object' && value !== null) cutMembers(value as Record<string, unknown>, within);
}

function cutMembers(value: Record<string, unknown>, within: Cut['within']): void {
  for (const [name, cut] of within) {
    if (cut.isWhole) Reflect.deleteProperty(value, name);
    else cutValue(value[name], cut);
  }
}

function cutElements(value: unknown[], within: Cut['within']): void {
  for (const [index, cut] of within) if (!cut.isWhole) cutValue(value[index as number], cut);
  let kept = 0;
  for (const [index, element] of value.entries()) if (!within.get(index)?.isWhole) value[kept++] = element;
  value.length = kept;
}
