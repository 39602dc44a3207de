import type { AnswerHeaders } from '../providers/provider.client.ts';

/** Nobody is told to wait longer. */
const MAX_SECONDS = 24 * 60 * 60;

/**
 * When a provider wants to be asked again, in whole seconds from now: `retry-after` in seconds or as a date (RFC 9110
 * 10.2.3), or OpenAI's `retry-after-ms`.
 */
export function retryAfterSeconds(headers: AnswerHeaders, now = Date.now()): number | undefined {
  const milliseconds = numberOf(single(headers['retry-after-ms']));
  if (milliseconds !== undefined) return toSeconds(milliseconds);
  const retryAfter = single(headers['retry-after']);
  const seconds = numberOf(retryAfter);
  if (seconds !== undefined) return toSeconds(seconds * 1_000);
  // All of HTTP's dates begin with the name of a day.
  const date = retryAfter !== undefined && /^[A-Z][a-z]{2}/.test(retryAfter) ? Date.parse(retryAfter) : NaN;
  return Number.isNaN(date) ? undefined : toSeconds(date - now);
}

function toSeconds(milliseconds: number): number {
  return Math.min(MAX_SECONDS, Math.max(0, Math.ceil(milliseconds / 1_000)));
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d{1,15}(\.\d{1,9})?\s*$/.test(text) ? Number(text) : undefined;
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
