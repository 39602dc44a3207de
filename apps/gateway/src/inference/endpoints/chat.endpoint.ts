import { parseChatRequest } from '@orgn/dialects';
import { toAsked, type InferenceEndpoint } from '../inference-endpoint.ts';

export const chatEndpoint: InferenceEndpoint = {
  path: '/v1/chat/completions',
  capability: 'chat',
  parse: (body) => toAsked(parseChatRequest(body)),
};
