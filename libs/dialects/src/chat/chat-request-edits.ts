import type { Edit } from '../json/splice.ts';
import { droppedMembers } from '../request/gateway-fields.ts';
import { requestEdits, type RequestChanges, type RequestText } from '../request/request-edits.ts';
import type { ChatRequest } from './chat-request.ts';
import { parseChatRequest } from './parse-chat-request.ts';
import { thinkingMembers } from './thinking-members.ts';

/** What the router changes in a chat request. */
export type ChatRequestChanges = RequestChanges;

/**
 * The byte-range edits that turn the caller's request into the provider's; what ends at this gateway is taken out.
 * @param text a request that `parseChatRequest` accepted
 * @param request what it made of it, where it is at hand
 */
export function chatRequestEdits(
  text: RequestText,
  changes: ChatRequestChanges,
  request: ChatRequest = parseChatRequest(text.body),
): Edit[] {
  const { removed, added } = thinkingMembers(request, changes.engine ?? 'vllm');
  const gone = [...droppedMembers, ...removed, ...Object.keys(added)];
  return requestEdits(text, { ...changes, members: { ...added, ...changes.members } }, gone);
}
