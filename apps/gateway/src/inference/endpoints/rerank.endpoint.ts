import { parseRerankRequest } from '@orgn/dialects';
import { toAsked, type InferenceEndpoint } from '../inference-endpoint.ts';

export const rerankEndpoint: InferenceEndpoint = {
  path: '/v1/rerank',
  capability: 'rerank',
  parse: (body) => toAsked(parseRerankRequest(body)),
};
