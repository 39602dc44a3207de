import { parseStrictJson } from '../json/strict-json.ts';
import { parseRequest } from '../parse-request.ts';
import { rerankRequest, type RerankRequest } from './rerank-request.ts';

/**
 * Reads a rerank request strictly.
 * @throws ServiceError `invalid_request` or `unknown_parameter` naming the field
 */
export function parseRerankRequest(body: Buffer): RerankRequest {
  return parseRequest(rerankRequest, parseStrictJson(body));
}
