import { parseRequest } from '@orgn/contracts';
import { parseStrictJson } from '../json/strict-json.ts';
import { messageRequest, tokenCountRequest, type MessageRequest, type TokenCountRequest } from './message-request.ts';

/**
 * Reads a request of the messages endpoint strictly.
 * @throws ServiceError `invalid_request`, `unknown_parameter` or `not_supported_zero_retention` naming the field
 */
export function parseMessageRequest(body: Buffer): MessageRequest {
  return parseRequest(messageRequest, parseStrictJson(body));
}

/**
 * Reads a request to count tokens, as strictly.
 * @throws ServiceError as `parseMessageRequest` does
 */
export function parseTokenCountRequest(body: Buffer): TokenCountRequest {
  return parseRequest(tokenCountRequest, parseStrictJson(body));
}
