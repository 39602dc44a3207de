import type { DispatchError } from '@orgn/dialects';
import type { Provider } from '../providers/provider.ts';
import { providerWords, type ProviderWords } from './provider-words.ts';

/** What the provider says of the caller's own request: its words pass, in our envelope. */
const aboutTheRequest = new Set([400, 422]);
/**
 * Statuses that the caller can act on, in our words: a provider's own name the operator's organisation, the tier of its account
 * and the models behind ours.
 */
const inOurWords: Readonly<Record<number, string>> = {
  404: 'The model provider does not have what the request asks for.',
  413: 'The request is larger than the model provider takes; send less.',
};
/** Codes that say something of the request and nothing of the operator, and that programs act on. */
const harmlessCodes = new Set(['context_length_exceeded', 'request_too_large']);
const late = new Set([408, 504]);
/** The provider did not take the request, or not fully: sending it again is harmless. */
const retryable = new Set([502, 503, 504]);

/** What stands for a status where a provider says only a type. */
const statusOfType: Readonly<Record<string, number>> = {
  authentication_error: 401,
  BadRequestError: 400,
  insufficient_quota: 429,
  invalid_request_error: 400,
  NotFoundError: 404,
  overloaded_error: 503,
  permission_error: 403,
  rate_limit_error: 429,
  rate_limit_exceeded: 429,
  rate_limited: 429,
  service_unavailable: 503,
};

/** An error answer of a provider: what the caller gets, and whether asking again makes sense. */
export interface ProviderRefusal {
  refusal: DispatchError;
  isRetryable: boolean;
}

/** Where an error came from: its HTTP status, and what its headers say. */
export interface RefusalHead {
  /** 200 for an error inside of an answer that should have been a good one. */
  status: number;
  /** In seconds. */
  retryAfter: number | undefined;
}

/**
 * Turns a provider's error answer into what the caller gets. Its text goes to the caller and nowhere else: never into a
 * log or an event, since it may quote the prompt.
 */
export function toRefusal(head: RefusalHead, body: Buffer, provider: Provider): ProviderRefusal {
  const words = providerWords(body);
  const status = head.status === 200 ? statusOf(words) : head.status;
  const refusal = provider.toRefusal?.(status, words.type) ?? toCommonRefusal(status, words);
  return {
    refusal: refusal.code === 'provider_error' ? refusal : { ...refusal, retryAfterSeconds: head.retryAfter },
    isRetryable: retryable.has(status),
  };
}

/** The status that an error inside of a 200 would have had; without a word on it, that of a provider that failed. */
function statusOf({ status, type, code }: ProviderWords): number {
  return status ?? statusOfType[type ?? ''] ?? statusOfType[code ?? ''] ?? 502;
}

function toCommonRefusal(status: number, words: ProviderWords): DispatchError {
  if (status === 402 || isOurQuota(words)) {
    // The operator's account at the provider is exhausted: nothing the caller did or can mend.
    return {
      code: 'service_unavailable',
      message: 'The model provider does not serve this deployment right now; try again later.',
    };
  }
  if (status === 429) {
    return { code: 'rate_limit_exceeded', message: 'The model provider limits requests right now; retry later.' };
  }
  const callersFault = toCallersFault(status, words);
  if (callersFault) return callersFault;
  if (late.has(status))
    return { code: 'provider_timeout', message: 'The model provider did not answer in time; try again.' };
  // Also its 401 and 403: a credential of ours, nothing the caller can mend.
  return { code: 'provider_unavailable', message: 'The model provider failed to answer; try again.' };
}

function toCallersFault(status: number, words: ProviderWords): DispatchError | undefined {
  if (aboutTheRequest.has(status)) {
    const message = words.message ?? 'The model provider refused the request.';
    return { code: 'provider_error', message, status, type: words.type, providerCode: words.code, param: words.param };
  }
  const message = inOurWords[status];
  if (message === undefined) return undefined;
  const code = [words.code, words.type].find((word) => word !== undefined && harmlessCodes.has(word));
  return { code: 'provider_error', message, status, providerCode: code };
}

function isOurQuota({ code, type }: ProviderWords): boolean {
  return [code, type].some((word) => word === 'insufficient_quota' || word === 'customer_verification_required');
}
