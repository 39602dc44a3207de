import type { IncomingHttpHeaders } from 'node:http';
import { ServiceError } from '@orgn/contracts';

/** What of a request says that its caller wants to speak otherwise than in one request and one answer. */
interface Expecting {
  method: string;
  headers: IncomingHttpHeaders;
}

/**
 * Refuses what a caller expects of the connection and cannot have. A request that offers HTTP/2 beside itself, as Java's
 * clients do, is answered as if it did not.
 * @throws ServiceError `upgrade_refused` for a websocket and the like, `invalid_request` for an unknown `expect` and for a
 *   transfer encoding that compresses, which Node would pass on as it came
 */
export function requireMet({ method, headers }: Expecting): void {
  const { expect, upgrade } = headers;
  requireChunked(headers['transfer-encoding']);
  if (expect !== undefined && expect.toLowerCase() !== '100-continue')
    throw new ServiceError('invalid_request', 'The header "expect" must be "100-continue".', { param: 'expect' });
  if (upgrade === undefined || method !== 'GET' || /^\s*(h2c?|http\/[\d.]+|tls\/[\d.]+)\s*$/i.test(upgrade)) return;
  throw new ServiceError(
    'upgrade_refused',
    'This gateway speaks HTTP only and no websockets: POST the request, with "stream": true for an answer in pieces.',
  );
}

function requireChunked(encoding: string | undefined): void {
  if (encoding === undefined || encoding.trim().toLowerCase() === 'chunked') return;
  const message = 'The transfer-encoding must be "chunked"; name a compression in the header "content-encoding".';
  throw new ServiceError('invalid_request', message, { param: 'transfer-encoding' });
}
