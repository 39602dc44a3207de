import type { Edit } from '../json/splice.ts';
import { multipartParts } from '../multipart/multipart-parts.ts';

/**
 * The edits that turn the caller's form into the provider's: the model's value, byte for byte nothing else.
 * @param body what `parseTranscriptionRequest` accepted
 */
export function transcriptionRequestEdits(
  body: Buffer,
  contentType: string,
  changes: { upstreamModel: string },
): Edit[] {
  return multipartParts(body, contentType)
    .filter((part) => part.name === 'model')
    .map((part) => ({ start: part.valueStart, end: part.valueEnd, text: changes.upstreamModel }));
}
