import { countResponseTokens, countTokens, responseForm, tokenCountForm } from '@orgn/dialects';
import { countedBy, type ReadableEndpoint } from '../inference-endpoint.ts';

/** Anthropic's way to count a conversation. */
export const tokenCountEndpoint: ReadableEndpoint = {
  path: '/v1/messages/count_tokens',
  read: countedBy(tokenCountForm, countTokens),
};

/** OpenAI's way to count an input. */
export const inputTokensEndpoint: ReadableEndpoint = {
  path: '/v1/responses/input_tokens',
  read: countedBy(responseForm, countResponseTokens),
};
