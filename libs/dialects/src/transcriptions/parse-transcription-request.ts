import { parseRequest, ServiceError } from '@orgn/contracts';
import { multipartParts, type MultipartPart } from '../multipart/multipart-parts.ts';
import { fieldText } from './field-text.ts';
import { transcriptionFields, type TranscriptionRequest } from './transcription-request.ts';

/** The field that says which charset the others have (RFC 7578, 4.6). */
const CHARSET = '_charset_';

/**
 * Reads a transcription form. Gateway and router both call this on the same bytes.
 * @param contentType the request's `content-type`, which names the boundary
 * @throws ServiceError `invalid_request` or `unknown_parameter` naming the field
 */
export function parseTranscriptionRequest(body: Buffer, contentType: string): TranscriptionRequest {
  const parts = multipartParts(body, contentType);
  const file = fileOf(parts);
  const texts = textsOf(
    body,
    parts.filter((part) => part !== file),
  );
  const fields = parseRequest(transcriptionFields, fieldsOf(texts));
  if (fields['timestamp_granularities[]'] && fields.response_format !== 'verbose_json')
    throw invalid('timestamp_granularities[] needs response_format "verbose_json".', 'timestamp_granularities[]');
  const { filename = '', type = 'application/octet-stream', valueStart: start, valueEnd: end } = file;
  return { ...fields, file: { start, end, name: filename, type }, texts };
}

/** Names and values of the fields, in the order in which they were sent. */
function textsOf(body: Buffer, parts: readonly MultipartPart[]): [name: string, value: string][] {
  const declared = parts.find(({ name }) => name === CHARSET);
  const charset = declared && fieldText(body, declared, 'utf-8').trim();
  return parts.flatMap((part) => (part.name === CHARSET ? [] : [[part.name, fieldText(body, part, charset)]]));
}

function fileOf(parts: readonly MultipartPart[]): MultipartPart {
  const [file, ...others] = parts.filter((part) => part.name === 'file');
  if (others.length > 0) throw invalid('file must be sent once.', 'file');
  // Some clients leave an empty name out; the type still says that it is a file.
  if (!file || (file.filename ?? file.type) === undefined)
    throw invalid('file is required, as a file with a name.', 'file');
  if (file.valueEnd === file.valueStart) throw invalid('file must not be empty.', 'file');
  return file;
}

/** Field values by name: a list for names that end in `[]`, else once only. */
function fieldsOf(texts: readonly (readonly [string, string])[]): Record<string, unknown> {
  const fields = new Map<string, string | string[]>();
  for (const [name, value] of texts) {
    const earlier = fields.get(name);
    if (name.endsWith('[]')) fields.set(name, [...(earlier ?? []), value]);
    else if (earlier === undefined) fields.set(name, value);
    else throw invalid(`${name} must be sent once.`, name);
  }
  return Object.fromEntries(fields);
}

function invalid(message: string, param: string): ServiceError {
  return new ServiceError('invalid_request', message, { param });
}
