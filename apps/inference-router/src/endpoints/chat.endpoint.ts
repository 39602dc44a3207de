import { chatForm, chatRequestEdits, readChatAnswer, type ChatRequest } from '@orgn/dialects';
import { chatFeatures } from './chat-features.ts';
import { jsonEndpoint } from './json-endpoint.ts';
import { namedLimitOf } from './output-limit.ts';

/** `POST /v1/chat/completions` */
export const chat = jsonEndpoint<ChatRequest>({
  path: '/chat/completions',
  capability: 'chat',
  form: chatForm,
  edits: chatRequestEdits,
  read: readChatAnswer,
  answersText: true,
  features: (request) => ({ ...chatFeatures(request), outputLimit: namedLimitOf(request) }),
});
