import { embeddingRequestEdits, parseEmbeddingRequest, readEmbeddingAnswer } from '@orgn/dialects';
import { jsonEndpoint } from './json-endpoint.ts';

/** `POST /v1/embeddings` */
export const embeddings = jsonEndpoint({
  path: '/embeddings',
  capability: 'embeddings',
  parse: parseEmbeddingRequest,
  edits: embeddingRequestEdits,
  read: readEmbeddingAnswer,
  answersText: false,
});
