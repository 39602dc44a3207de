import { completionForm, measureCompletion } from '@orgn/dialects';
import { askedBy, type InferenceEndpoint } from '../inference-endpoint.ts';

export const completionsEndpoint: InferenceEndpoint = {
  path: '/v1/completions',
  capability: 'completions',
  read: askedBy(completionForm, measureCompletion),
};
