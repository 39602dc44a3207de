import { messageForm, measureMessage } from '@orgn/dialects';
import { askedBy, type InferenceEndpoint } from '../inference-endpoint.ts';

export const messagesEndpoint: InferenceEndpoint = {
  path: '/v1/messages',
  capability: 'chat',
  read: askedBy(messageForm, measureMessage),
};
