import { completionForm, completionRequestEdits, inputCount, readCompletionAnswer, tokenUsage } from '@orgn/dialects';
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
  // All candidates are generated and counted, also those that `best_of` then leaves out.
  bounds: ({ n, best_of, prompt }) => ({ choices: Math.max(n ?? 1, best_of ?? 1) * inputCount(prompt) }),
});
