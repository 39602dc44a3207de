import { parseRequest, ServiceError } from '@orgn/contracts';
import { parseStrictJson } from '../json/strict-json.ts';
import { requireStreamForOptions } from '../request/stream-options.ts';
import { completionRequest, type CompletionRequest } from './completion-request.ts';

/**
 * Reads a request of the older completions endpoint strictly.
 * @throws ServiceError `invalid_request` or `unknown_parameter` naming the field
 */
export function parseCompletionRequest(body: Buffer): CompletionRequest {
  const request = parseRequest(completionRequest, parseStrictJson(body));
  requireStreamForOptions(request);
  const { best_of: bestOf } = request;
  if (typeof bestOf !== 'number') return request;
  if (bestOf < (request.n ?? 1)) throw invalid('best_of must be at least n.');
  if (request.stream && bestOf > 1) throw invalid('best_of must be 1 when stream is true.');
  return request;
}

function invalid(message: string): ServiceError {
  return new ServiceError('invalid_request', message, { param: 'best_of' });
}
