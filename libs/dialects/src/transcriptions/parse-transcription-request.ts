import { parseRequest, ServiceError } from '@orgn/contracts';
import { multipartParts, type MultipartPart } from '../multipart/multipart-parts.ts';
import { transcriptionFields, type TranscriptionRequest } from './transcription-request.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const MAX_FIELD_BYTES = 16 * 1024;

/**
 * Reads a transcription form strictly. Gateway and router both call this on the same bytes.
 * @param contentType the request's `content-type`, which names the boundary
 * @throws ServiceError `invalid_request` or `unknown_parameter` naming the field
 */
export function parseTranscriptionRequest(body: Buffer, contentType: string): TranscriptionRequest {
  const parts = multipartParts(body, contentType);
  const [file, ...others] = parts.filter((part) => part.name === 'file');
  if (others.length > 0) throw invalid('file must be sent once.', 'file');
  if (file?.filename === undefined) throw invalid('file is required, as a file with a name.', 'file');
  if (file.valueEnd === file.valueStart) throw invalid('file must not be empty.', 'file');
  const fields = parseRequest(
    transcriptionFields,
    fieldsOf(
      body,
      parts.filter((part) => part !== file),
    ),
  );
  if (fields['timestamp_granularities[]'] && fields.response_format !== 'verbose_json')
    throw invalid('timestamp_granularities[] needs response_format "verbose_json".', 'timestamp_granularities[]');
  return { ...fields, file: { start: file.valueStart, end: file.valueEnd } };
}

/** Field values by name: a list for names that end in `[]`, else once only. */
function fieldsOf(body: Buffer, parts: readonly MultipartPart[]): Record<string, unknown> {
  const fields = new Map<string, string | string[]>();
  for (const part of parts) {
    const value = textOf(body, part);
    const earlier = fields.get(part.name);
    if (part.name.endsWith('[]')) fields.set(part.name, [...(earlier ?? []), value]);
    else if (earlier === undefined) fields.set(part.name, value);
    else throw invalid(`${part.name} must be sent once.`, part.name);
  }
  return Object.fromEntries(fields);
}

function textOf(body: Buffer, part: MultipartPart): string {
  if (part.filename !== undefined) throw invalid(`${part.name} must be a field, not a file.`, part.name);
  if (part.valueEnd - part.valueStart > MAX_FIELD_BYTES) throw invalid(`${part.name} is too long.`, part.name);
  try {
    return decoder.decode(body.subarray(part.valueStart, part.valueEnd));
  } catch {
    throw invalid(`${part.name} is not valid UTF-8.`, part.name);
  }
}

function invalid(message: string, param: string): ServiceError {
  return new ServiceError('invalid_request', message, { param });
}
