import { embeddingRequestEdits, embeddingForm, readEmbeddingAnswer } from '@orgn/dialects';
import { jsonEndpoint } from './json-endpoint.ts';

/** `POST /v1/embeddings` */
export const embeddings = jsonEndpoint({
  path: '/embeddings',
  capability: 'embeddings',
  form: embeddingForm,
  edits: embeddingRequestEdits,
  read: readEmbeddingAnswer,
  answersText: false,
});
