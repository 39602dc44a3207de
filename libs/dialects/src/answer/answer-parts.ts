import { z } from 'zod';
import { membersOf, type JsonMember } from '../json/json-members.ts';
import { readUsage, tellsUsage, type ProviderUsage } from './provider-usage.ts';
import { MAX_ITEMS } from '../request/bounds.ts';

/** What the router needs to know of an answer, or of one chunk of a streamed one. */
export interface AnswerParts {
  /** The provider's figures, as far as they can be true by themselves. */
  usage: ProviderUsage | undefined;
  /** The provider says something of usage, believable or not. */
  tellsUsage: boolean;
  /** Whether any result is in it; the last chunk of a stream carries usage alone. */
  hasChoices: boolean;
  /** Whether every choice in it says why it ended. */
  hasFinished: boolean;
  /** The provider reports a failure inside the answer. */
  hasError: boolean;
  /** Number of choices that carry newly generated output. */
  outputs: number;
  /** Length of that output, in characters: about the bytes of a language that has letters. */
  outputLength: number;
  /** The part of it that calls tools, which some engines send at once instead of token by token. */
  callLength: number;
  /** Places of the choices in it, and of those among them that say why they ended. */
  choices: readonly number[];
  finished: readonly number[];
  members: JsonMember[];
}

/** An answer without choices. */
export const noChoices = { outputLength: 0, callLength: 0, choices: [], finished: [] } as const;

export const wholeAnswer = z.object({ usage: z.unknown().optional(), meta: z.unknown().optional() }).loose();

const list = z.array(z.unknown()).max(MAX_ITEMS).nullish();

/** By the name of the member that holds the list. Made once: a schema compiles itself when it is first used. */
export const listAnswers = { data: wholeAnswer.extend({ data: list }), results: wholeAnswer.extend({ results: list }) };

/**
 * Reads an answer that comes in one piece and has a list of results.
 * @param json its bytes
 * @param results name of the member that holds the list
 * @returns undefined when they are not the JSON object they should be
 */
export function readListAnswer(json: Buffer, results: 'data' | 'results'): AnswerParts | undefined {
  const value = parseOrUndefined(json);
  const answer = listAnswers[results].safeParse(value).data;
  if (!answer) return undefined;
  const listed = (answer as Record<string, unknown>)[results] as unknown[] | null | undefined;
  return {
    ...noChoices,
    usage: readUsage(answer.usage, answer.meta),
    tellsUsage: tellsUsage(answer.usage, answer.meta),
    hasChoices: (listed ?? []).length > 0,
    hasFinished: true,
    hasError: reportsError(answer, results),
    outputs: (listed ?? []).length,
    members: membersOf(json),
  };
}

/**
 * Whether an answer is an error: OpenAI's `error`, vLLM's `"object": "error"`, or FastAPI's `detail` and others' `message`
 * where a result should be.
 * @param results name of the member that holds the result
 */
export function reportsError(answer: Readonly<Record<string, unknown>>, results: string): boolean {
  if (isError(answer.error) || answer.object === 'error') return true;
  return answer[results] === undefined && (isError(answer.detail) || typeof answer.message === 'string');
}

/** Some engines say in each answer that there is no error: by null, false or an empty text. */
export const isError = (error: unknown) => Boolean(error);

/** A provider's JSON; undefined when it is none. The parser's own error would quote it. */
export function parseOrUndefined(json: Buffer): unknown {
  try {
    return JSON.parse(json.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
