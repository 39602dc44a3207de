import { z } from 'zod';
import { membersOf, type JsonMember } from '../json/json-members.ts';
import { readUsage, type ProviderUsage } from './provider-usage.ts';

/** What the router needs to know of an answer, or of one chunk of a streamed one. */
export interface AnswerParts {
  usage: ProviderUsage | undefined;
  /** Whether any result is in it; the last chunk of a stream carries usage alone. */
  hasChoices: boolean;
  /** Whether every choice in it says why it ended. */
  hasFinished: boolean;
  /** The provider reports a failure inside the answer. */
  hasError: boolean;
  /** Number of choices that carry newly generated output. */
  outputs: number;
  members: JsonMember[];
}

const wholeAnswer = z.object({
  usage: z.unknown().optional(),
  meta: z.unknown().optional(),
  error: z.unknown().optional(),
});

/**
 * Reads an answer that comes in one piece and has a list of results.
 * @param json its bytes
 * @param results name of the member that holds the list
 * @returns undefined when they are not the JSON object they should be
 */
export function readListAnswer(json: Buffer, results: 'data' | 'results'): AnswerParts | undefined {
  const value = parseOrUndefined(json);
  const answer = wholeAnswer.extend({ [results]: z.array(z.unknown()).nullish() }).safeParse(value).data;
  if (!answer) return undefined;
  const list = (answer as Record<string, unknown>)[results] as unknown[] | null | undefined;
  return {
    usage: readUsage(answer.usage, answer.meta),
    hasChoices: (list ?? []).length > 0,
    hasFinished: true,
    hasError: isError(answer.error),
    outputs: (list ?? []).length,
    members: membersOf(json),
  };
}

export const isError = (error: unknown) => error !== undefined && error !== null;

/** A provider's JSON; undefined when it is none. The parser's own error would quote it. */
export function parseOrUndefined(json: Buffer): unknown {
  try {
    return JSON.parse(json.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
