import { chatForm, measureChat } from '@orgn/dialects';
import { askedBy, type InferenceEndpoint } from '../inference-endpoint.ts';

export const chatEndpoint: InferenceEndpoint = {
  path: '/v1/chat/completions',
  capability: 'chat',
  read: askedBy(chatForm, measureChat),
};
