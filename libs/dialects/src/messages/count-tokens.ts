import type { TokenizerFamily } from '@orgn/contracts';
import { countPrompt, type TokenCount } from '../counting/count-prompt.ts';
import type { TokenCountRequest } from './message-request.ts';
import { toChatMessages } from './message-to-chat-messages.ts';
import { toChatTools } from './message-to-chat-request.ts';

/**
 * Counts the conversation of a messages request, in the form that Anthropic answers `count_tokens` in.
 * @param family whose tokens to estimate in
 */
export function countTokens(request: TokenCountRequest, family?: TokenizerFamily): TokenCount {
  return countPrompt(toChatMessages(request), toChatTools(request.tools) ?? [], family);
}
