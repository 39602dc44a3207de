import { writeForm, type WrittenForm } from '../multipart/write-form.ts';
import type { TranscriptionRequest } from './transcription-request.ts';

/**
 * The form that a provider gets: the caller's fields and file, written anew.
 * @param body what `parseTranscriptionRequest` read the request from
 * @param changes values of fields that the provider gets instead of the caller's
 */
export function transcriptionForm(
  body: Buffer,
  request: TranscriptionRequest,
  changes: Readonly<Record<string, string>>,
): WrittenForm {
  const { start, end, name, type } = request.file;
  const fields = request.texts.map(([field, value]) => ({ name: field, value: changes[field] ?? value }));
  return writeForm([...fields, { name: 'file', value: body.subarray(start, end), file: { name, type } }]);
}
