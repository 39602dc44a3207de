import { parseResponseRequest } from '@orgn/dialects';
import { toAsked, type InferenceEndpoint } from '../inference-endpoint.ts';

export const responsesEndpoint: InferenceEndpoint = {
  path: '/v1/responses',
  capability: 'chat',
  parse: (body) => toAsked(parseResponseRequest(body)),
};
