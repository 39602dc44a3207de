import { completionRequestEdits, completionForm, readCompletionAnswer } from '@orgn/dialects';
import { jsonEndpoint } from './json-endpoint.ts';
import { namedLimitOf } from './output-limit.ts';

/** `POST /v1/completions`, the older endpoint for plain prompts */
export const completions = jsonEndpoint({
  path: '/completions',
  capability: 'completions',
  form: completionForm,
  edits: completionRequestEdits,
  read: readCompletionAnswer,
  answersText: true,
  features: (request) => ({ needs: [], images: 0, outputLimit: namedLimitOf(request) }),
});
