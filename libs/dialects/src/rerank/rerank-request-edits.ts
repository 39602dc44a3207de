import type { Edit } from '../json/splice.ts';
import { droppedMembers } from '../request/gateway-fields.ts';
import { requestEdits, type RequestChanges, type RequestText } from '../request/request-edits.ts';

/** The edits that turn the caller's request into the provider's. @param text what `parseRerankRequest` accepted */
export function rerankRequestEdits(text: RequestText, changes: RequestChanges): Edit[] {
  return requestEdits(text, changes, droppedMembers);
}
