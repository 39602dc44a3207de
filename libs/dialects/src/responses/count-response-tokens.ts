import type { TokenizerFamily } from '@orgn/contracts';
import { countPrompt, type TokenCount } from '../counting/count-prompt.ts';
import type { ResponseRequest } from './response-request.ts';
import { toChatMessages } from './response-to-chat-messages.ts';

/**
 * Counts the input of a responses request, its instructions and tools included.
 * @param family whose tokens to estimate in
 */
export function countResponseTokens(request: ResponseRequest, family?: TokenizerFamily): TokenCount {
  return countPrompt(toChatMessages(request), request.tools ?? [], family);
}

/** The estimate alone. */
export function estimateResponseTokens(request: ResponseRequest, family?: TokenizerFamily): number {
  return countResponseTokens(request, family).input_tokens;
}
