import { ServiceError } from '@orgn/contracts';
import { parseRequest } from '../parse-request.ts';
import { parseStrictJson } from '../json/strict-json.ts';
import { chatRequest, type ChatRequest } from './chat-request.ts';

/**
 * Reads a chat completion request strictly. Gateway and router both call this on the same bytes, so that neither has to
 * believe the other about model, limits or streaming.
 * @throws ServiceError `invalid_request` or `unknown_parameter` naming the field
 */
export function parseChatRequest(body: Buffer): ChatRequest {
  const request = parseRequest(chatRequest, parseStrictJson(body));
  if (request.stream_options && !request.stream) {
    throw new ServiceError('invalid_request', 'stream_options is only allowed when stream is true.', {
      param: 'stream_options',
    });
  }
  return request;
}

/** The output limit the caller set, in tokens: the smaller of the two fields; undefined when there is none. */
export function outputLimitOf(request: ChatRequest): number | undefined {
  const limits = [request.max_tokens, request.max_completion_tokens].filter((limit) => typeof limit === 'number');
  return limits.length > 0 ? Math.min(...limits) : undefined;
}
