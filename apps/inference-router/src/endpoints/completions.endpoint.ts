import {
  completionForm,
  completionRequestEdits,
  measureCompletion,
  readCompletionAnswer,
  tokenUsage,
} from '@orgn/dialects';
import { jsonEndpoint } from './json-endpoint.ts';
import { namedLimitOf } from './output-limit.ts';

/** `POST /v1/completions`, the older endpoint for plain prompts */
export const completions = jsonEndpoint({
  path: '/completions',
  capability: 'completions',
  form: completionForm,
  edits: completionRequestEdits,
  read: readCompletionAnswer,
  usage: tokenUsage,
  idPrefix: 'cmpl-',
  features: (request) => ({ outputLimit: namedLimitOf(request) }),
  measure: measureCompletion,
});
