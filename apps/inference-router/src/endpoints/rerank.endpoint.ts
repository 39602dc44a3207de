import { rerankForm, readRerankAnswer, rerankRequestEdits } from '@orgn/dialects';
import { jsonEndpoint } from './json-endpoint.ts';

/** `POST /v1/rerank` */
export const rerank = jsonEndpoint({
  path: '/rerank',
  capability: 'rerank',
  form: rerankForm,
  edits: rerankRequestEdits,
  read: readRerankAnswer,
  answersText: false,
});
