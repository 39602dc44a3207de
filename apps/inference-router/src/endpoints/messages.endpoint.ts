import {
  MessageStream,
  messageToChatRequest,
  parseMessageRequest,
  toMessage,
  type MessageRequest,
} from '@orgn/dialects';
import type { AnswerIdentity } from './endpoint.ts';
import { idSuffix, translatedEndpoint } from './translated-endpoint.ts';

/** `POST /v1/messages` */
export const messages = translatedEndpoint({
  path: '/messages',
  parse: parseMessageRequest,
  toChat: messageToChatRequest,
  limitField: 'max_tokens',
  sealsOf: () => [],
  translate: (request) => ({
    toAnswer: (answer, identity) => toMessage(answer, contextOf(request, identity)),
    startStream: (identity) => new MessageStream(contextOf(request, identity)),
  }),
});

function contextOf(request: MessageRequest, { requestId, model, promptEstimate }: AnswerIdentity) {
  return { messageId: `msg_${idSuffix(requestId)}`, model, requestId, promptEstimate, request };
}
