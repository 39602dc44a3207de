import type { Call } from '../exchange/call.ts';
import { deliverPlain } from '../exchange/deliver.ts';
import { parseForm } from '../http/read-form.ts';
import { badRequest } from '../http/refusal.ts';
import { formats } from './transcript-format.ts';
import { transcribe } from './transcript.ts';

/** `POST audio/transcriptions`: a form with a file. */
export async function answerTranscription({ wire, exchange, body, contentType, behaviour }: Call): Promise<void> {
  const { model, file, format } = readRequest(parseForm(body, contentType));
  exchange.entry.begin(wire.newId('chat'), model, 0);
  const transcript = transcribe(file);
  const { text, contentType: type } = format(transcript, behaviour.usage !== 'none');
  const headers = { ...wire.headers(), 'content-type': type };
  return deliverPlain(exchange, { text, headers, completionTokens: 0 }, behaviour);
}

function readRequest(form: ReadonlyMap<string, Buffer>) {
  const textOf = (name: string, otherwise: string) => (form.get(name) ?? Buffer.from(otherwise)).toString('utf8');
  const model = textOf('model', '');
  const file = form.get('file') ?? Buffer.alloc(0);
  const format = formats[textOf('response_format', 'json')];
  if (model === '') throw badRequest('model', 'Field required: model');
  if (file.length === 0) throw badRequest('file', 'Field required: file');
  if (format === undefined) throw badRequest('response_format', 'response_format is unknown');
  return { model, file, format };
}
