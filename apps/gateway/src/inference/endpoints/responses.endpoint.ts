import { responseForm, measureResponse } from '@orgn/dialects';
import { askedBy, type InferenceEndpoint } from '../inference-endpoint.ts';

export const responsesEndpoint: InferenceEndpoint = {
  path: '/v1/responses',
  capability: 'chat',
  read: askedBy(responseForm, measureResponse),
};
