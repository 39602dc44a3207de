import { z } from 'zod';
import { parseOrUndefined, reportsError, type AnswerParts } from '../answer/answer-parts.ts';
import { readUsage, tellsUsage } from '../answer/provider-usage.ts';
import { membersOf } from '../json/json-members.ts';
import { MAX_ITEMS } from '../request/bounds.ts';

const choice = z
  .object({ index: z.unknown().optional(), text: z.unknown().optional(), finish_reason: z.unknown().optional() })
  .loose();
export const answerShape = z
  .object({ usage: z.unknown().optional(), choices: z.array(choice).max(MAX_ITEMS).nullish() })
  .loose();
type Choice = z.output<typeof choice>;

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
    tellsUsage: tellsUsage(answer.usage),
    hasChoices: choices.length > 0,
    hasFinished: choices.every(isFinished),
    hasError: reportsError(answer, 'choices'),
    outputs: choices.filter(({ text }) => Boolean(text)).length,
    outputLength: choices.reduce((sum, { text }) => sum + (typeof text === 'string' ? text.length : 0), 0),
    callLength: 0,
    choices: choices.map(indexOf),
    finished: choices.flatMap((each, place) => (isFinished(each) ? [indexOf(each, place)] : [])),
    members: membersOf(json),
  };
}

const isFinished = (each: Choice) => Boolean(each.finish_reason);
const indexOf = ({ index }: Choice, place: number) => (typeof index === 'number' ? index : place);
