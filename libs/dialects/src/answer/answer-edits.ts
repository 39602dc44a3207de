import { removals } from '../json/removals.ts';
import { membersOf } from '../json/json-members.ts';
import type { Edit } from '../json/splice.ts';
import type { AnswerParts } from './answer-parts.ts';

/** Shows the caller the gateway's model id instead of the provider's name. */
export function modelEdit(parts: AnswerParts, modelId: string): Edit[] {
  return parts.members
    .filter((member) => member.name === 'model')
    .map((member) => ({ start: member.valueStart, end: member.valueEnd, text: JSON.stringify(modelId) }));
}

/** Shows the caller an id of ours instead of a provider's, which says who served and charged the request. */
export function idEdit(parts: AnswerParts, id: string): Edit[] {
  return parts.members
    .filter((member) => member.name === 'id')
    .map((member) => ({ start: member.valueStart, end: member.valueEnd, text: JSON.stringify(id) }));
}

/** Edits without those that lie inside of another: what is taken out whole needs no change within. */
export function outermost(edits: readonly Edit[]): Edit[] {
  const outer: Edit[] = [];
  let end = 0;
  for (const edit of [...edits].sort(
    (a, b) => a.start - b.start || Number(isRange(a)) - Number(isRange(b)) || b.end - a.end,
  )) {
    if (edit.start < end) continue;
    outer.push(edit);
    end = edit.end;
  }
  return outer;
}

/** An insertion in front of a range is no part of it. */
const isRange = ({ start, end }: Edit) => end > start;

/** Takes the `usage` member out of a chunk, with the comma that belonged to it. */
export function usageRemoval(parts: AnswerParts): Edit[] {
  return removals(parts.members, ({ name }) => name === 'usage');
}

/** Says of a chunk's usage what OpenAI says before the last one: nothing yet. */
export function usageDenial(parts: AnswerParts): Edit[] {
  return parts.members
    .filter(({ name }) => name === 'usage')
    .map((member) => ({ start: member.valueStart, end: member.valueEnd, text: 'null' }));
}

/**
 * Adds `cost` to the answer's usage, or replaces the provider's own.
 * @param json the bytes that `parts` were read from
 * @param costUsd a JSON number in USD, such as `0.000123000`
 */
export function usageCostEdit(json: Buffer, parts: AnswerParts, costUsd: string): Edit[] {
  const usage = parts.members.find((member) => member.name === 'usage');
  if (!usage || json[usage.valueStart] !== 0x7b) return [];
  const inner = membersOf(json, usage.valueStart);
  const present = inner.filter((member) => member.name === 'cost');
  if (present.length > 0)
    return present.map((member) => ({ start: member.valueStart, end: member.valueEnd, text: costUsd }));
  const start = usage.valueStart + 1;
  return [{ start, end: start, text: inner.length > 0 ? `"cost":${costUsd},` : `"cost":${costUsd}` }];
}
