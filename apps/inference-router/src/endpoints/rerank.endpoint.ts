import { readRerankAnswer, rerankForm, rerankRequestEdits, rerankUsage } from '@orgn/dialects';
import { jsonEndpoint } from './json-endpoint.ts';

/** What engines write around one pair of query and document. */
const TEMPLATE_TOKENS = 256;
const CHUNK_TOKENS = 500;

/** `POST /v1/rerank` */
export const rerank = jsonEndpoint({
  path: '/rerank',
  capability: 'rerank',
  form: rerankForm,
  edits: rerankRequestEdits,
  read: readRerankAnswer,
  usage: rerankUsage,
  idPrefix: 'rerank-',
  // The query is read, and counted, once with each document; a long document counts as several of 500 tokens.
  bounds: ({ query, documents }, bytes) => ({
    promptTokens: documents.length * (Buffer.byteLength(query) + TEMPLATE_TOKENS) + bytes,
    searchUnits: documents.length + Math.ceil(bytes / CHUNK_TOKENS),
  }),
});
