import { z } from 'zod';
import { noChoices, parseOrUndefined, reportsError, type AnswerParts } from '../answer/answer-parts.ts';
import { readUsage, tellsUsage, type ProviderUsage } from '../answer/provider-usage.ts';
import { membersOf } from '../json/json-members.ts';
import type { TranscriptionRequest } from './transcription-request.ts';
import { text } from '../request/bounds.ts';

export const answerShape = z
  .object({
    text: text.optional(),
    duration: z.coerce.number().nonnegative().nullish().catch(undefined),
    usage: z.unknown().optional(),
  })
  .loose();

/**
 * Reads a transcription. Plain text and subtitles carry no usage: the router counts those itself.
 * @param format the `response_format` that the caller asked for
 * @returns undefined when the answer is JSON and not the object it should be
 */
export function readTranscriptionAnswer(
  answer: Buffer,
  format: TranscriptionRequest['response_format'] = 'json',
): AnswerParts | undefined {
  if (format !== 'json' && format !== 'verbose_json') return readText(answer);
  const value = parseOrUndefined(answer);
  const shape = answerShape.safeParse(value).data;
  if (!shape) return undefined;
  const hasError = reportsError(shape, 'text');
  if (!hasError && shape.text === undefined) return undefined;
  const usage = readUsage(shape.usage);
  return {
    ...heard,
    usage: withDuration(usage, shape.duration ?? 0),
    tellsUsage: tellsUsage(shape.usage),
    hasError,
    members: membersOf(answer),
  };
}

const heard = {
  ...noChoices,
  usage: undefined,
  tellsUsage: false,
  hasChoices: true,
  hasFinished: true,
  hasError: false,
  outputs: 1,
  members: [],
} satisfies AnswerParts;

const OPENING = 0x7b;

/** An error is JSON whatever was asked for; subtitles and texts do not begin like that. */
function readText(answer: Buffer): AnswerParts {
  return { ...heard, hasError: answer[0] === OPENING && isErrorObject(parseOrUndefined(answer)) };
}

function isErrorObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && reportsError(value as Record<string, unknown>, 'text');
}

/** `verbose_json` says how long the audio is; older servers say it nowhere else. */
function withDuration(usage: ProviderUsage | undefined, seconds: number): ProviderUsage | undefined {
  if (seconds === 0) return usage;
  const figures = usage ?? readUsage({ seconds });
  return figures && { ...figures, audioSeconds: Math.max(figures.audioSeconds, seconds) };
}
