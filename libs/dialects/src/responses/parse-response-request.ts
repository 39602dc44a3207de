import { parseRequest } from '@orgn/contracts';
import { parseStrictJson } from '../json/strict-json.ts';
import { requireStreamForOptions } from '../request/stream-options.ts';
import { responseRequest, type ResponseRequest } from './response-request.ts';

/**
 * Reads a request of the responses endpoint strictly.
 * @throws ServiceError `invalid_request`, `unknown_parameter` or `not_supported_zero_retention` naming the field
 */
export function parseResponseRequest(body: Buffer): ResponseRequest {
  const request = parseRequest(responseRequest, parseStrictJson(body));
  requireStreamForOptions(request);
  return request;
}
