import { parseMessageRequest } from '@orgn/dialects';
import { toAsked, type InferenceEndpoint } from '../inference-endpoint.ts';

export const messagesEndpoint: InferenceEndpoint = {
  path: '/v1/messages',
  capability: 'chat',
  parse: (body) => toAsked(parseMessageRequest(body)),
};
