import { embeddingForm, measureEmbedding } from '@orgn/dialects';
import { askedBy, type InferenceEndpoint } from '../inference-endpoint.ts';

export const embeddingsEndpoint: InferenceEndpoint = {
  path: '/v1/embeddings',
  capability: 'embeddings',
  read: askedBy(embeddingForm, measureEmbedding),
};
