import { parseRequest } from '@orgn/contracts';
import { parseStrictJson } from '../json/strict-json.ts';
import { requireStreamForOptions } from '../request/stream-options.ts';
import { chatRequest, type ChatRequest } from './chat-request.ts';

/**
 * Reads a chat completion request strictly. Gateway and router both call this on the same bytes, so that neither has to
 * believe the other about model, limits or streaming.
 * @throws ServiceError `invalid_request` or `unknown_parameter` naming the field
 */
export function parseChatRequest(body: Buffer): ChatRequest {
  const request = parseRequest(chatRequest, parseStrictJson(body));
  requireStreamForOptions(request);
  return request;
}
