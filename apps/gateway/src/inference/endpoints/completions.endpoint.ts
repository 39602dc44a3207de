import { parseCompletionRequest } from '@orgn/dialects';
import { toAsked, type InferenceEndpoint } from '../inference-endpoint.ts';

export const completionsEndpoint: InferenceEndpoint = {
  path: '/v1/completions',
  capability: 'completions',
  parse: (body) => toAsked(parseCompletionRequest(body)),
};
