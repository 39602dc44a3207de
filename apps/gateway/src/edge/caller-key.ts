import type { IncomingHttpHeaders } from 'node:http';
import { ServiceError } from '@orgn/contracts';
import { presentedKey, type PresentedKey } from '../authentication/presented-key.ts';
import { dialectOf } from '../paths/endpoints.ts';

interface KeyedRequest {
  url: string;
  headers: IncomingHttpHeaders;
  ip: string;
}

/**
 * The key that a request came with: as a bearer token, and on Anthropic's endpoints also in the header `x-api-key`.
 * @throws ServiceError `missing_api_key` or `invalid_api_key`
 */
export function callerKey({ url, headers, ip }: KeyedRequest): PresentedKey {
  const { authorization, cookie, 'x-api-key': apiKey } = headers;
  if (typeof apiKey !== 'string' || dialectOf(url) !== 'anthropic') return presentedKey({ url, headers, ip });
  const bearer = `Bearer ${apiKey}`;
  if (authorization !== undefined && authorization !== bearer) {
    const message = 'The headers "authorization" and "x-api-key" carry different API keys. Send one of them.';
    throw new ServiceError('invalid_api_key', message);
  }
  return presentedKey({ url, headers: { authorization: bearer, cookie }, ip });
}
