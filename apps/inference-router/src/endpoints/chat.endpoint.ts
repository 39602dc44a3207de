import {
  ChatCallNumbers,
  chatForm,
  chatRequestEdits,
  measureChat,
  readChatAnswer,
  tokenUsage,
  type ChatRequest,
} from '@orgn/dialects';
import { chatFeatures, hasMedia } from './chat-features.ts';
import { jsonEndpoint, TEMPLATE_TOKENS } from './json-endpoint.ts';
import { namedLimitOf } from './output-limit.ts';

/** `POST /v1/chat/completions` */
export const chat = jsonEndpoint<ChatRequest>({
  path: '/chat/completions',
  capability: 'chat',
  form: chatForm,
  edits: chatRequestEdits,
  read: readChatAnswer,
  usage: tokenUsage,
  idPrefix: 'chatcmpl-',
  numberCalls: () => new ChatCallNumbers(),
  features: (request) => ({ ...chatFeatures(request), outputLimit: namedLimitOf(request) }),
  measure: measureChat,
  promptTokens: (request, bytes) => (hasMedia(request) ? undefined : bytes + TEMPLATE_TOKENS),
});
