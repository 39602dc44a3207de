import type { DispatchError } from '@orgn/api';
import { z } from 'zod';
import type { Provider } from '../providers/provider.ts';

/** Statuses that the caller caused and can act on: they pass, in our envelope. */
const callersFault = new Set([400, 404, 413, 422, 429]);

const code = z.union([z.string(), z.number()]).nullish();
const detail = z.object({
  message: z.string().optional(),
  type: z.string().nullish(),
  param: z.string().nullish(),
  code,
});
const errorBody = z.object({
  error: z.union([z.string(), detail]).optional(),
  message: z.string().optional(),
  detail: z.string().optional(),
  type: z.string().nullish(),
});

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
  const said = read(body);
  const special = provider.toRefusal?.(status, said.type);
  if (special) return special;
  if (status === 429)
    return {
      code: 'rate_limit_exceeded',
      message: said.message ?? 'The model provider limits requests right now; retry later.',
      retryAfterSeconds: seconds(retryAfter),
    };
  if (callersFault.has(status)) {
    return {
      code: 'provider_error',
      message: said.message ?? 'The model provider refused the request.',
      status,
      type: said.type,
      providerCode: said.code,
      param: said.param,
    };
  }
  if (status === 504 || status === 408)
    return { code: 'provider_timeout', message: 'The model provider did not answer in time; try again.' };
  // Also its 401 and 403: a credential of ours, nothing the caller can mend.
  return { code: 'provider_unavailable', message: 'The model provider failed to answer; try again.' };
}

function read(body: Buffer) {
  const parsed = errorBody.safeParse(parseOrUndefined(body)).data;
  const error = typeof parsed?.error === 'object' ? parsed.error : undefined;
  const text = typeof parsed?.error === 'string' ? parsed.error : undefined;
  return {
    message: error?.message ?? text ?? parsed?.message ?? parsed?.detail,
    type: error?.type ?? parsed?.type ?? undefined,
    code: error?.code == null ? undefined : String(error.code),
    param: error?.param ?? undefined,
  };
}

function parseOrUndefined(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

function seconds(retryAfter: string | undefined): number | undefined {
  const value = Number(retryAfter);
  return retryAfter && Number.isFinite(value) && value >= 0 ? Math.ceil(value) : undefined;
}
