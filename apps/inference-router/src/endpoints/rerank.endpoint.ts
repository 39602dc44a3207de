import { measureRerank, readRerankAnswer, rerankForm, rerankRequestEdits, rerankUsage } from '@orgn/dialects';
import { jsonEndpoint } from './json-endpoint.ts';

/** What engines write around one pair of query and document. */
const TEMPLATE_TOKENS = 256;

/** `POST /v1/rerank` */
export const rerank = jsonEndpoint({
  path: '/rerank',
  capability: 'rerank',
  form: rerankForm,
  edits: rerankRequestEdits,
  read: readRerankAnswer,
  usage: rerankUsage,
  idPrefix: 'rerank-',
  measure: measureRerank,
  // The query is read, and counted, once with each document.
  promptTokens: ({ query, documents }, bytes) =>
    documents.length * (Buffer.byteLength(query) + TEMPLATE_TOKENS) + bytes,
});
