import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { KEY_PREFIX, ServiceError, type ClientContext, type RequestId } from '@orgn/contracts';
import { keyFromHeader } from './authorization-header.ts';
import { toClientAddress } from '@orgn/service-kit';
import { userAgentClass } from './user-agent-class.ts';

/** A key as the edge works with it. The raw key is gone as soon as its form was checked. */
export interface PresentedKey {
  /** SHA-256 of the raw key, base64url. */
  digest: string;
  /** Where it was sent from, as far as trusted proxies tell; null: they did not say anything that is an address. */
  address: string | null;
  /** It is a grant of the playground, good for this request alone; absent: a key. */
  grantedRequest?: RequestId;
  /** What kind of program sent it. */
  userAgent: ClientContext['userAgent'];
}

/** What of a request says who is calling. */
export interface Presentation {
  url: string;
  headers: Pick<IncomingHttpHeaders, 'authorization' | 'cookie' | 'user-agent'>;
  ip: string;
}

/** @throws ServiceError `missing_api_key` or `invalid_api_key`; never quotes what was sent */
export function presentedKey({ url, headers, ip }: Presentation): PresentedKey {
  if (hasKeyInQuery(url)) {
    throw new ServiceError(
      'invalid_api_key',
      'An API key must not be part of a URL, where it ends up in logs. Send it in the header ' +
        '"Authorization: Bearer sk-ollm-…", and replace this one.',
    );
  }
  if (!headers.authorization && isSession(headers.cookie)) {
    throw new ServiceError(
      'missing_api_key',
      'A console session does not open the API. Create an API key in the console and send it in the header ' +
        '"Authorization: Bearer sk-ollm-…".',
    );
  }
  const key = keyFromHeader(headers.authorization);
  const digest = createHash('sha256').update(key).digest('base64url');
  return { digest, address: toClientAddress(ip), userAgent: userAgentClass(headers['user-agent']) };
}

function hasKeyInQuery(url: string): boolean {
  const at = url.indexOf('?');
  if (at < 0) return false;
  // Undoes escapes one by one: a query that is not well-formed as a whole must not hide a key.
  const query = url
    .slice(at)
    .replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return query.includes(KEY_PREFIX);
}

/** The console's cookie, by any name that it has in production and in development. */
function isSession(cookie: string | undefined): boolean {
  return cookie !== undefined && /(^|;\s*)(__Host-|__Secure-)?orgn[\w-]*=/.test(cookie);
}
