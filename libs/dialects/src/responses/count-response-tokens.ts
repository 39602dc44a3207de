import type { TokenizerFamily } from '@orgn/contracts';
import { countPrompt, type TokenCount } from '../counting/count-prompt.ts';
import { OfferedTools } from './offered-tools.ts';
import type { ResponseRequest } from './response-request.ts';
import { toChatMessages } from './response-to-chat-messages.ts';
import { toChatTools } from './tool-choice.ts';

/**
 * Counts the input of a responses request, its instructions and tools included.
 * @param family whose tokens to estimate in
 */
export function countResponseTokens(request: ResponseRequest, family?: TokenizerFamily): TokenCount {
  const offered = new OfferedTools(request.tools);
  return countPrompt(
    toChatMessages(request, { offered, reasoning: new Map() }),
    toChatTools(request.tool_choice, offered) ?? [],
    family,
  );
}
