import { parseOrUndefined, type DispatchError } from '@orgn/dialects';
import { z } from 'zod';
import type { Provider } from '../providers/provider.ts';

/** Statuses that the caller caused and can act on: they pass, in our envelope. */
const callersFault = new Set([400, 404, 413, 422]);
const late = new Set([408, 504]);

const text = z.string().optional().catch(undefined);
const code = z
  .union([z.string(), z.number().transform(String)])
  .optional()
  .catch(undefined);

/** What providers say of an error, in the three shapes seen: OpenAI's envelope, a bare text, FastAPI's `detail`. */
const said = z.union([
  z.object({ error: z.object({ message: text, type: text, param: text, code }) }).transform(({ error }) => error),
  z.object({ error: z.string(), type: text }).transform(({ error, type }) => ({ message: error, type })),
  z.object({ detail: z.string() }).transform(({ detail }) => ({ message: detail })),
  z.object({ message: z.string(), type: text }),
]);
interface Said {
  message?: string | undefined;
  type?: string | undefined;
  param?: string | undefined;
  code?: string | undefined;
}

/**
 * Turns a provider's error answer into what the caller gets. Its text goes to the caller and nowhere else: never into a
 * log or an event, since it may quote the prompt.
 */
export function toRefusal(
  status: number,
  body: Buffer,
  retryAfter: string | undefined,
  provider: Provider,
): DispatchError {
  const words: Said = said.safeParse(parseOrUndefined(body)).data ?? {};
  return provider.toRefusal?.(status, words.type) ?? toCommonRefusal(status, words, retryAfter);
}

function toCommonRefusal(status: number, words: Said, retryAfter: string | undefined): DispatchError {
  if (status === 402 || isOurQuota(words)) {
    // The operator's account at the provider is exhausted: nothing the caller did or can mend.
    return {
      code: 'service_unavailable',
      message: 'The model provider does not serve this deployment right now; try again later.',
    };
  }
  if (status === 429) {
    const message = words.message ?? 'The model provider limits requests right now; retry later.';
    return { code: 'rate_limit_exceeded', message, retryAfterSeconds: seconds(retryAfter) };
  }
  if (callersFault.has(status)) {
    const message = words.message ?? 'The model provider refused the request.';
    return {
      code: 'provider_error',
      message,
      status,
      type: words.type,
      providerCode: words.code,
      param: words.param,
    };
  }
  if (late.has(status))
    return { code: 'provider_timeout', message: 'The model provider did not answer in time; try again.' };
  // Also its 401 and 403: a credential of ours, nothing the caller can mend.
  return { code: 'provider_unavailable', message: 'The model provider failed to answer; try again.' };
}

function isOurQuota({ code, type }: Said): boolean {
  return [code, type].some((word) => word === 'insufficient_quota' || word === 'customer_verification_required');
}

function seconds(retryAfter: string | undefined): number | undefined {
  const value = Number(retryAfter);
  return retryAfter && Number.isFinite(value) && value >= 0 ? Math.ceil(value) : undefined;
}
