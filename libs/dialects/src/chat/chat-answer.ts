import { isError, parseOrUndefined, type AnswerParts } from '../answer/answer-parts.ts';
import { readUsage } from '../answer/provider-usage.ts';
import { membersOf } from '../json/json-members.ts';

/** What the router needs to know of a chat answer, or of one chunk of a streamed one. */
export type ChatAnswerParts = AnswerParts;

/**
 * Reads an answer or a chunk.
 * @param json its bytes
 * @returns undefined when they are not the JSON object they should be
 */
export function readChatAnswer(json: Buffer): ChatAnswerParts | undefined {
  const answer = parseOrUndefined(json);
  const choices = isObject(answer) ? choicesOf(answer.choices) : undefined;
  if (!isObject(answer) || !choices) return undefined;
  return {
    usage: readUsage(answer.usage),
    hasChoices: choices.length > 0,
    hasFinished: choices.every((choice) => Boolean(choice.finish_reason)),
    hasError: isError(answer.error),
    outputs: choices.filter((choice) => isOutput(choice.delta)).length,
    members: membersOf(json),
  };
}

interface Choice {
  delta?: Record<string, unknown> | null;
  finish_reason?: unknown;
}

/** Checked by hand, because it is done for every token: a schema costs as much as parsing the chunk. */
function choicesOf(choices: unknown): Choice[] | undefined {
  if (choices === undefined || choices === null) return [];
  return Array.isArray(choices) && choices.every(isChoice) ? choices : undefined;
}

function isChoice(choice: unknown): choice is Choice {
  return isObject(choice) && (choice.delta === undefined || choice.delta === null || isObject(choice.delta));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const OUTPUTS = ['content', 'reasoning_content', 'reasoning', 'refusal', 'tool_calls', 'function_call', 'audio'];

/** A delta that says something: not the opening role, not an empty closing one. */
function isOutput(delta: Record<string, unknown> | null | undefined): boolean {
  return delta ? OUTPUTS.some((name) => Boolean(delta[name])) : false;
}
