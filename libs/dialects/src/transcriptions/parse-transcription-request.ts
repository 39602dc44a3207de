import { parseRequest, ServiceError } from '@orgn/contracts';
import { multipartParts, type MultipartPart } from '../multipart/multipart-parts.ts';
import type { Form } from '../multipart/write-form.ts';
import { cutValue } from '../reading/cut.ts';
import { shapeOf } from '../reading/shape.ts';
import { sift, type Sifted } from '../reading/sift.ts';
import { fieldText } from './field-text.ts';
import { transcriptionForm } from './transcription-form.ts';
import { transcriptionFields, type TranscriptionRequest } from './transcription-request.ts';

/** The field that says which charset the others have (RFC 7578, 4.6). */
const CHARSET = '_charset_';

/**
 * Reads a transcription form strictly, as routers do.
 * @param contentType the request's `content-type`, which names the boundary
 * @throws ServiceError `invalid_request` or `unknown_parameter` naming the field
 */
export function parseTranscriptionRequest(body: Buffer, contentType: string): TranscriptionRequest {
  const { file, texts } = partsOf(body, contentType);
  return requestOf(file, texts, fieldsOf(texts));
}

/** A form as the edge reads it. */
export interface ReadTranscription extends Pick<Sifted, 'dropped' | 'known' | 'unknown'> {
  request: TranscriptionRequest;
  /** What goes on: the caller's own bytes, or a form without the fields that nobody here knows. */
  form: Form;
}

/**
 * Reads a transcription form as callers write it: unknown fields are left out, unless the policy is strict.
 * @throws ServiceError as `parseTranscriptionRequest` does, and `unknown_parameter` for a name that may be meant for one
 *   that decides
 */
export function readTranscriptionRequest(form: Form, isStrict: boolean): ReadTranscription {
  const { file, texts } = partsOf(form.body, form.contentType);
  const fields = fieldsOf(texts);
  const { cut, ...found } = sift(shapeOf(transcriptionFields), fields, { isStrict, keepsCacheMarks: false });
  cutValue(fields, cut);
  const kept = texts.filter(([name]) => Object.hasOwn(fields, name));
  const request = requestOf(file, kept, fields);
  const isWhole = kept.length === texts.length;
  return { request, form: isWhole ? form : rewritten(form.body, request), ...found };
}

function rewritten(body: Buffer, request: TranscriptionRequest): Form {
  const { contentType, pieces } = transcriptionForm(body, request, {});
  return { contentType, body: Buffer.concat(pieces) };
}

function partsOf(body: Buffer, contentType: string) {
  const parts = multipartParts(body, contentType);
  const file = fileOf(parts);
  const others = parts.filter((part) => part !== file);
  return { file, texts: textsOf(body, others) };
}

function requestOf(file: MultipartPart, texts: TranscriptionRequest['texts'], fields: object): TranscriptionRequest {
  const request = parseRequest(transcriptionFields, fields);
  if (request['timestamp_granularities[]'] && request.response_format !== 'verbose_json')
    throw invalid('timestamp_granularities[] needs response_format "verbose_json".', 'timestamp_granularities[]');
  const { filename = '', type = 'application/octet-stream', valueStart: start, valueEnd: end } = file;
  return { ...request, file: { start, end, name: filename, type }, texts };
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
