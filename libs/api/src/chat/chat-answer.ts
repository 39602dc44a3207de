import { z } from 'zod';
import { isError, parseOrUndefined, type AnswerParts } from '../answer/answer-parts.ts';
import { readUsage } from '../answer/provider-usage.ts';
import { membersOf } from '../json/json-members.ts';

/** What the router needs to know of a chat answer, or of one chunk of a streamed one. */
export type ChatAnswerParts = AnswerParts;

const answerShape = z.object({
  usage: z.unknown().optional(),
  error: z.unknown().optional(),
  choices: z
    .array(
      z.object({ delta: z.record(z.string(), z.unknown()).nullish(), finish_reason: z.unknown().optional() }).loose(),
    )
    .nullish(),
});

/**
 * Reads an answer or a chunk.
 * @param json its bytes
 * @returns undefined when they are not the JSON object they should be
 */
export function readChatAnswer(json: Buffer): ChatAnswerParts | undefined {
  const answer = answerShape.safeParse(parseOrUndefined(json)).data;
  if (!answer) return undefined;
  const choices = answer.choices ?? [];
  return {
    usage: readUsage(answer.usage),
    hasChoices: choices.length > 0,
    hasFinished: choices.every((choice) => Boolean(choice.finish_reason)),
    hasError: isError(answer.error),
    outputs: choices.filter((choice) => isOutput(choice.delta)).length,
    members: membersOf(json),
  };
}

const OUTPUTS = ['content', 'reasoning_content', 'reasoning', 'refusal', 'tool_calls', 'function_call', 'audio'];

/** A delta that says something: not the opening role, not an empty closing one. */
function isOutput(delta: Record<string, unknown> | null | undefined): boolean {
  return delta ? OUTPUTS.some((name) => Boolean(delta[name])) : false;
}
