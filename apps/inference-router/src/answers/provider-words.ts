import { parseOrUndefined } from '@orgn/dialects';
import { longText, MAX_ENTRIES } from '@orgn/contracts';
import { z } from 'zod';

/** What a provider says of an error. */
export interface ProviderWords {
  message?: string | undefined;
  type?: string | undefined;
  param?: string | undefined;
  code?: string | undefined;
  /** An HTTP status that stands in the error itself. */
  status?: number | undefined;
}

const MAX_DETAILS = 5;

const text = longText.optional().catch(undefined);
const codeOrNumber = z.union([longText, z.number()]).optional().catch(undefined);
export const words = z
  .object({
    message: text,
    type: text,
    param: text,
    code: codeOrNumber,
    status: codeOrNumber,
    statusCode: codeOrNumber,
  })
  .transform(({ code, status, statusCode, ...rest }) => ({
    ...rest,
    code: code === undefined ? undefined : String(code),
    status: [status, statusCode, code]
      .map(Number)
      .find((value) => Number.isInteger(value) && value >= 400 && value < 600),
  }));

/** FastAPI's complaint about one field: `{"loc": ["body", "messages", 0], "msg": "Field required"}`. */
const complaint = z.object({
  loc: z
    .array(z.union([longText, z.number()]))
    .max(64)
    .catch([]),
  msg: longText,
});

/** The shapes seen: OpenAI's envelope, a bare text, FastAPI's `detail` as a text, an error or a list, vLLM's bare error. */
export const said = z.union([
  z.object({ error: words }).transform(({ error }): ProviderWords => error),
  z
    .object({ error: longText })
    .loose()
    .transform(({ error, ...rest }): ProviderWords => ({ ...words.parse(rest), message: error })),
  z.object({ detail: longText }).transform(({ detail }): ProviderWords => ({ message: detail })),
  z.object({ detail: z.array(complaint).min(1).max(MAX_ENTRIES) }).transform(({ detail }) => wordsOf(detail)),
  z.object({ detail: words }).transform(({ detail }): ProviderWords => detail),
  z
    .object({ message: longText })
    .loose()
    .transform((error): ProviderWords => words.parse(error)),
]);

/** Reads a provider's error body. Its words go to the caller and nowhere else, since they may quote the prompt. */
export function providerWords(body: Buffer): ProviderWords {
  return said.safeParse(parseOrUndefined(body)).data ?? {};
}

function wordsOf(complaints: z.output<typeof complaint>[]): ProviderWords {
  const fields = complaints.map(({ loc }) => fieldOf(loc));
  const sentences = complaints.map(({ msg }, at) => (fields[at] ? `${fields[at]}: ${msg}` : msg));
  return { message: sentences.slice(0, MAX_DETAILS).join('; '), param: fields[0] || undefined };
}

/** `["body", "messages", 0, "content"]` as callers write it: `messages[0].content`. */
function fieldOf(location: readonly (string | number)[]): string {
  const path = location[0] === 'body' ? location.slice(1) : location;
  return path.reduce<string>((field, step) => {
    if (typeof step === 'number') return `${field}[${step}]`;
    return field === '' ? step : `${field}.${step}`;
  }, '');
}
