import {
  parseResponseRequest,
  ResponseStream,
  responseToChatRequest,
  toResponse,
  type ResponseRequest,
} from '@orgn/dialects';
import type { AnswerIdentity } from './endpoint.ts';
import { idSuffix, translatedEndpoint } from './translated-endpoint.ts';

/** `POST /v1/responses` */
export const responses = translatedEndpoint({
  path: '/responses',
  parse: parseResponseRequest,
  toChat: responseToChatRequest,
  limitField: 'max_output_tokens',
  translate: (request) => ({
    toAnswer: (answer, identity) => toResponse(answer, contextOf(request, identity)),
    startStream: (identity) => new ResponseStream(contextOf(request, identity)),
  }),
});

function contextOf(request: ResponseRequest, { requestId, model }: AnswerIdentity) {
  return { responseId: `resp_${idSuffix(requestId)}`, createdAt: Math.floor(Date.now() / 1_000), model, request };
}
