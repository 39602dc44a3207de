import { TextDecoder } from 'node:util';
import { ServiceError } from '@orgn/contracts';
import type { MultipartPart } from '../multipart/multipart-parts.ts';

const MAX_FIELD_BYTES = 16 * 1024;

/**
 * The text of a form's field.
 * @param charset of fields that do not name their own
 * @throws ServiceError `invalid_request` naming the field
 */
export function fieldText(body: Buffer, part: MultipartPart, charset = 'utf-8'): string {
  const { name, valueStart, valueEnd } = part;
  if (part.filename !== undefined) throw invalid(`${name} must be a field, not a file.`, name);
  if (valueEnd - valueStart > MAX_FIELD_BYTES) throw invalid(`${name} is too long.`, name);
  const decoder = decoderOf(part.charset ?? charset);
  if (!decoder) throw invalid(`${name}: its content-type names a charset that is not known; use utf-8.`, name);
  try {
    return decoder.decode(body.subarray(valueStart, valueEnd));
  } catch {
    throw invalid(`${name} is not valid ${decoder.encoding.toUpperCase()}.`, name);
  }
}

function decoderOf(charset: string): TextDecoder | undefined {
  try {
    return new TextDecoder(charset, { fatal: true, ignoreBOM: true });
  } catch {
    return undefined;
  }
}

function invalid(message: string, param: string): ServiceError {
  return new ServiceError('invalid_request', message, { param });
}
