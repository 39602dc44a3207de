import { z } from 'zod';
import { isError, parseOrUndefined, type AnswerParts } from '../answer/answer-parts.ts';
import { readUsage } from '../answer/provider-usage.ts';
import { membersOf } from '../json/json-members.ts';

const answerShape = z.object({
  usage: z.unknown().optional(),
  error: z.unknown().optional(),
  choices: z.array(z.object({ text: z.unknown().optional(), finish_reason: z.unknown().optional() }).loose()).nullish(),
});

/**
 * Reads an answer of the older completions endpoint, or one chunk of it.
 * @returns undefined when the bytes are not the JSON object they should be
 */
export function readCompletionAnswer(json: Buffer): AnswerParts | undefined {
  const answer = answerShape.safeParse(parseOrUndefined(json)).data;
  if (!answer) return undefined;
  const choices = answer.choices ?? [];
  return {
    usage: readUsage(answer.usage),
    hasChoices: choices.length > 0,
    hasFinished: choices.every((choice) => Boolean(choice.finish_reason)),
    hasError: isError(answer.error),
    outputs: choices.filter((choice) => Boolean(choice.text)).length,
    members: membersOf(json),
  };
}
