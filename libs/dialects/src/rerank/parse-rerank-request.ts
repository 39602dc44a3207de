import { parseRequest } from '@orgn/contracts';
import { parseStrictJson } from '../json/strict-json.ts';
import { rerankRequest, type RerankRequest } from './rerank-request.ts';

/**
 * Reads a rerank request strictly.
 * @throws ServiceError `invalid_request` or `unknown_parameter` naming the field
 */
export function parseRerankRequest(body: Buffer): RerankRequest {
  return parseRequest(rerankRequest, parseStrictJson(body));
}
