import type { Edit } from '../json/splice.ts';
import { droppedMembers } from '../request/gateway-fields.ts';
import { requestEdits, type RequestChanges } from '../request/request-edits.ts';

/** What the router changes in a chat request. */
export type ChatRequestChanges = RequestChanges;

/**
 * The byte-range edits that turn the caller's request into the provider's; what ends at this gateway is taken out.
 * @param body a request that `parseChatRequest` accepted
 */
export function chatRequestEdits(body: Buffer, changes: ChatRequestChanges): Edit[] {
  return requestEdits(body, changes, droppedMembers);
}
