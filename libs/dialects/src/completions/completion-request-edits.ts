import type { Edit } from '../json/splice.ts';
import { droppedMembers } from '../request/gateway-fields.ts';
import { requestEdits, type RequestChanges } from '../request/request-edits.ts';

/** The edits that turn the caller's request into the provider's. @param body what `parseCompletionRequest` accepted */
export function completionRequestEdits(body: Buffer, changes: RequestChanges): Edit[] {
  return requestEdits(body, changes, droppedMembers);
}
