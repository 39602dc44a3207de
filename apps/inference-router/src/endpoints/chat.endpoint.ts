import { chatRequestEdits, parseChatRequest, readChatAnswer } from '@orgn/dialects';
import { chatFeatures } from './chat-features.ts';
import { jsonEndpoint } from './json-endpoint.ts';
import { namedLimitOf } from './output-limit.ts';

/** `POST /v1/chat/completions` */
export const chat = jsonEndpoint({
  path: '/chat/completions',
  capability: 'chat',
  parse: parseChatRequest,
  edits: chatRequestEdits,
  read: readChatAnswer,
  answersText: true,
  features: (request) => ({ ...chatFeatures(request), outputLimit: namedLimitOf(request) }),
});
