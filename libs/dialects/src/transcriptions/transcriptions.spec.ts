import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ServiceError } from '@orgn/contracts';
import { splice } from '../json/splice.ts';
import { parseTranscriptionRequest } from './parse-transcription-request.ts';
import { readTranscriptionAnswer } from './transcription-answer.ts';
import { transcriptionRequestEdits } from './transcription-request-edits.ts';

type Field = [name: string, value: string | Blob, filename?: string];
const audio = (bytes: Uint8Array<ArrayBuffer> = new Uint8Array([1, 2])) => new Blob([bytes], { type: 'audio/wav' });
const whole: Field[] = [
  ['file', audio(), 'ä.wav'],
  ['model', 'm'],
];

/** A form as fetch sends it, which is how OpenAI's own client does. */
async function toForm(fields: readonly Field[]): Promise<[body: Buffer, contentType: string]> {
  const form = new FormData();
  for (const [name, value, filename] of fields) {
    if (typeof value === 'string') form.append(name, value);
    else form.append(name, value, filename);
  }
  const response = new Response(form);
  return [Buffer.from(await response.arrayBuffer()), response.headers.get('content-type') ?? ''];
}
const parse = async (fields: readonly Field[]) => parseTranscriptionRequest(...(await toForm(fields)));

/** A form written by hand. */
const raw = (...lines: string[]): [Buffer, string] => [
  Buffer.from(lines.join('\r\n'), 'latin1'),
  'multipart/form-data; boundary=b',
];

describe('parseTranscriptionRequest', () => {
  test('reads the form that fetch sends, with every field that OpenAI documents and we offer', async () => {
    const fields = await parse([
      ...whole,
      ['language', 'de'],
      ['prompt', 'Grüße'],
      ['response_format', 'verbose_json'],
      ['temperature', '0.2'],
      ['timestamp_granularities[]', 'word'],
      ['timestamp_granularities[]', 'segment'],
      ['stream', 'false'],
    ]);
    expect(fields).toMatchObject({
      model: 'm',
      language: 'de',
      prompt: 'Grüße',
      response_format: 'verbose_json',
      temperature: 0.2,
      'timestamp_granularities[]': ['word', 'segment'],
    });
  });

  test('finds the bytes of the file, whatever they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 500 }), async (bytes) => {
        const [body, contentType] = await toForm([
          ['file', audio(new Uint8Array(bytes)), 'a'],
          ['model', 'm'],
        ]);
        const { file } = parseTranscriptionRequest(body, contentType);
        expect(Buffer.compare(body.subarray(file.start, file.end), Buffer.from(bytes))).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  test.each<[Field[], string, string]>([
    [[['model', 'm']], 'invalid_request', 'file'],
    [
      [
        ['file', 'text'],
        ['model', 'm'],
      ],
      'invalid_request',
      'file',
    ],
    [[...whole, ['file', audio(), 'b.wav']], 'invalid_request', 'file'],
    [
      [
        ['file', audio(new Uint8Array()), 'a.wav'],
        ['model', 'm'],
      ],
      'invalid_request',
      'file',
    ],
    [[['file', audio(), 'a.wav']], 'invalid_request', 'model'],
    [[...whole, ['model', 'n']], 'invalid_request', 'model'],
    [[...whole, ['prompt', audio(), 'p']], 'invalid_request', 'prompt'],
    [[...whole, ['temperature', '2']], 'invalid_request', 'temperature'],
    [[...whole, ['temperature', '0x1']], 'invalid_request', 'temperature'],
    [[...whole, ['language', 'german']], 'invalid_request', 'language'],
    [[...whole, ['response_format', 'diarized_json']], 'invalid_request', 'response_format'],
    [[...whole, ['stream', 'true']], 'invalid_request', 'stream'],
    [[...whole, ['timestamp_granularities[]', 'word']], 'invalid_request', 'timestamp_granularities[]'],
    [[...whole, ['Model', 'n']], 'unknown_parameter', 'Model'],
  ])('refuses %j as %s at %s', async (fields, code, param) => {
    await expect(parse(fields)).rejects.toMatchObject({ code, param });
  });

  const part = 'Content-Disposition: form-data; name="model"';
  test.each<[string, [Buffer, string]]>([
    ['no boundary in the content-type', [Buffer.from('--b--'), 'multipart/form-data']],
    ['another content-type', [Buffer.from('{}'), 'application/json']],
    ['an empty body', raw('')],
    ['a preamble', raw('hello', '--b', part, '', 'm', '--b--', '')],
    ['an epilogue', raw('--b', part, '', 'm', '--b--', 'bye')],
    ['no closing boundary', raw('--b', part, '', 'm', '--b')],
    ['a part without a name', raw('--b', 'Content-Disposition: form-data', '', 'm', '--b--', '')],
    ['a part without headers', raw('--b', '', 'm', '--b--', '')],
    ['a folded header', raw('--b', 'Content-Disposition: form-data;', ' name="model"', '', 'm', '--b--', '')],
    ['two dispositions', raw('--b', part, part, '', 'm', '--b--', '')],
    ['a transfer encoding', raw('--b', part, 'Content-Transfer-Encoding: base64', '', 'bQ==', '--b--', '')],
    ['an escaped name', raw('--b', 'Content-Disposition: form-data; name="mo\\"del"', '', 'm', '--b--', '')],
    [
      'text that is not UTF-8',
      raw(
        '--b',
        part,
        '',
        '\xff',
        '--b',
        'Content-Disposition: form-data; name="file"; filename="a"',
        '',
        'x',
        '--b--',
        '',
      ),
    ],
    ['more than 32 parts', raw(...Array.from({ length: 33 }, () => ['--b', part, '', 'm']).flat(), '--b--', '')],
  ])('refuses %s', (_name, [body, contentType]) => {
    expect(() => parseTranscriptionRequest(body, contentType)).toThrow(ServiceError);
  });

  test('throws nothing but its own errors, which do not quote the form, however the form is broken', async () => {
    const [form, contentType] = await toForm([...whole, ['prompt', 'canary7f3a']]);
    fc.assert(
      fc.property(fc.nat(form.length), fc.nat(20), fc.uint8Array({ maxLength: 20 }), (at, removed, bytes) => {
        const body = Buffer.concat([form.subarray(0, at), Buffer.from(bytes), form.subarray(at + removed)]);
        try {
          parseTranscriptionRequest(body, contentType);
        } catch (error) {
          expect(error).toBeInstanceOf(ServiceError);
          expect((error as Error).message).not.toContain('canary7f3a');
        }
      }),
    );
  });
});

describe('transcriptionRequestEdits', () => {
  test('change the model and not one byte more', async () => {
    const [body, contentType] = await toForm([...whole, ['prompt', 'm']]);
    const edits = transcriptionRequestEdits(body, contentType, { upstreamModel: 'up/x' });
    const [edit] = edits;
    const edited = splice(body, edits);
    expect(edits).toHaveLength(1);
    expect(edited.length).toBe(body.length + 3);
    expect(edited.subarray(0, edit!.start)).toEqual(body.subarray(0, edit!.start));
    expect(edited.subarray(edit!.start + 4)).toEqual(body.subarray(edit!.end));
    expect(parseTranscriptionRequest(edited, contentType)).toMatchObject({ model: 'up/x', prompt: 'm' });
  });
});

describe('readTranscriptionAnswer', () => {
  const usageOf = (value: object, format: 'json' | 'verbose_json' = 'json') =>
    readTranscriptionAnswer(Buffer.from(JSON.stringify(value)), format)?.usage;

  test.each([
    [
      { text: 'x', usage: { type: 'duration', seconds: 7 } },
      { audioSeconds: 7, promptTokens: 0 },
    ],
    [{ text: 'x', duration: '3.5' }, { audioSeconds: 3.5 }],
    [
      {
        text: 'x',
        usage: { type: 'tokens', input_tokens: 9, output_tokens: 2, input_token_details: { audio_tokens: 8 } },
      },
      { promptTokens: 9, completionTokens: 2, audioTokens: 8, audioSeconds: 0 },
    ],
  ])('reads the usage of %j', (value, usage) => {
    expect(usageOf(value, 'verbose_json')).toMatchObject(usage);
  });

  test('knows that subtitles carry no usage, and reads no JSON in them', () => {
    expect(readTranscriptionAnswer(Buffer.from('WEBVTT\n'), 'vtt')).toMatchObject({
      usage: undefined,
      hasError: false,
    });
  });

  test.each(['', '[]', '{"text":5}', 'Hello'])('does not pretend to read %j as JSON', (text) => {
    expect(readTranscriptionAnswer(Buffer.from(text))).toBeUndefined();
  });
});
