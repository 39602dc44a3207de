import {
  parseResponseRequest,
  ResponseStream,
  responseToChatRequest,
  sealedReasoningOf,
  toResponse,
  type ResponseRequest,
} from '@orgn/dialects';
import type { TeamSeals } from '../seals/team-seals.ts';
import type { AnswerIdentity } from './endpoint.ts';
import { idSuffix, translatedEndpoint } from './translated-endpoint.ts';

/** `POST /v1/responses` */
export const responses = translatedEndpoint({
  path: '/responses',
  parse: parseResponseRequest,
  toChat: responseToChatRequest,
  limitField: 'max_output_tokens',
  sealsOf: sealedReasoningOf,
  translate: (request, seals) => ({
    toAnswer: (answer, identity) => toResponse(answer, contextOf(request, identity, seals)),
    startStream: (identity) => new ResponseStream(contextOf(request, identity, seals)),
  }),
});

function contextOf(request: ResponseRequest, { requestId, model, executed }: AnswerIdentity, seals: TeamSeals) {
  return {
    responseId: `resp_${idSuffix(requestId)}`,
    createdAt: Math.floor(Date.now() / 1_000),
    model,
    request,
    seal: (text: string) => seals.seal(text, executed),
  };
}
