import {
  embeddingForm,
  embeddingRequestEdits,
  inputUsage,
  measureEmbedding,
  readEmbeddingAnswer,
  vectorEdits,
} from '@orgn/dialects';
import { jsonEndpoint } from './json-endpoint.ts';

/** `POST /v1/embeddings` */
export const embeddings = jsonEndpoint({
  path: '/embeddings',
  capability: 'embeddings',
  form: embeddingForm,
  edits: embeddingRequestEdits,
  read: readEmbeddingAnswer,
  usage: inputUsage,
  idPrefix: 'embd-',
  measure: measureEmbedding,
  answerEdits: (answer, { encoding_format }) => vectorEdits(answer, encoding_format ?? 'float'),
});
