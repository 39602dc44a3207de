import { parseEmbeddingRequest } from '@orgn/dialects';
import { toAsked, type InferenceEndpoint } from '../inference-endpoint.ts';

export const embeddingsEndpoint: InferenceEndpoint = {
  path: '/v1/embeddings',
  capability: 'embeddings',
  parse: (body) => toAsked(parseEmbeddingRequest(body)),
};
