import { parseRequest } from '@orgn/contracts';
import { parseStrictJson } from '../json/strict-json.ts';
import { embeddingRequest, type EmbeddingRequest } from './embedding-request.ts';

/**
 * Reads an embeddings request strictly.
 * @throws ServiceError `invalid_request` or `unknown_parameter` naming the field
 */
export function parseEmbeddingRequest(body: Buffer): EmbeddingRequest {
  return parseRequest(embeddingRequest, parseStrictJson(body));
}
