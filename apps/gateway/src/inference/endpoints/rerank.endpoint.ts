import { rerankForm, measureRerank } from '@orgn/dialects';
import { askedBy, type InferenceEndpoint } from '../inference-endpoint.ts';

export const rerankEndpoint: InferenceEndpoint = {
  path: '/v1/rerank',
  capability: 'rerank',
  read: askedBy(rerankForm, measureRerank),
};
