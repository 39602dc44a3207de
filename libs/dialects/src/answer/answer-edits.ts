import { membersOf } from '../json/json-members.ts';
import type { Edit } from '../json/splice.ts';
import type { AnswerParts } from './answer-parts.ts';

/** Shows the caller the gateway's model id instead of the provider's name. */
export function modelEdit(parts: AnswerParts, modelId: string): Edit[] {
  return parts.members
    .filter((member) => member.name === 'model')
    .map((member) => ({ start: member.valueStart, end: member.valueEnd, text: JSON.stringify(modelId) }));
}

/** Takes the `usage` member out of a chunk, with the comma that belonged to it. */
export function usageRemoval(parts: AnswerParts): Edit[] {
  const at = parts.members.findIndex((member) => member.name === 'usage');
  const [before, member, after] = [parts.members[at - 1], parts.members[at], parts.members[at + 1]];
  if (!member) return [];
  if (before) return [{ start: before.valueEnd, end: member.valueEnd, text: '' }];
  return [{ start: member.start, end: after?.start ?? member.valueEnd, text: '' }];
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
