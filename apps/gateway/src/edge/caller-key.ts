import type { IncomingHttpHeaders } from 'node:http';
import { KEY_PREFIX, ServiceError } from '@orgn/contracts';
import { presentedKey, type PresentedKey } from '../authentication/presented-key.ts';

interface KeyedRequest {
  url: string;
  headers: IncomingHttpHeaders;
  ip: string;
}

/** Whether a request has a header for a key, whatever stands in it. */
export function presentsKey(headers: IncomingHttpHeaders): boolean {
  return headers.authorization !== undefined || headers['x-api-key'] !== undefined;
}

/**
 * The key that a request came with: as a bearer token, or in the header `x-api-key`, as Anthropic's clients send it.
 * @throws ServiceError `missing_api_key` or `invalid_api_key`
 */
export function callerKey({ url, headers, ip }: KeyedRequest): PresentedKey {
  const { cookie, 'x-api-key': apiKey } = headers;
  // Some clients send the header they have no value for.
  const authorization = /^(bearer)?\s*$/i.test(headers.authorization ?? '') ? undefined : headers.authorization;
  // Beside a bearer token, what is no key of ours was meant for somebody else.
  const isBeside = authorization !== undefined && !String(apiKey).startsWith(KEY_PREFIX);
  if (typeof apiKey !== 'string' || isBeside) return presentedKey({ url, headers, ip });
  if (authorization !== undefined && authorization.replace(/^bearer /i, '') !== apiKey) {
    const message = 'The headers "authorization" and "x-api-key" carry different API keys. Send one of them.';
    throw new ServiceError('invalid_api_key', message);
  }
  const { 'user-agent': userAgent } = headers;
  return presentedKey({ url, headers: { authorization: `Bearer ${apiKey}`, cookie, 'user-agent': userAgent }, ip });
}
