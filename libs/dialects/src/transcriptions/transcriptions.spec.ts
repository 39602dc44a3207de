import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ServiceError } from '@orgn/contracts';
import { processorTimeOf } from '@orgn/testing';
import { parseTranscriptionRequest } from './parse-transcription-request.ts';
import { readTranscriptionAnswer } from './transcription-answer.ts';
import { transcriptionForm } from './transcription-form.ts';

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
    ['no closing boundary', raw('--b', part, '', 'm', '--b')],
    ['a part without a name', raw('--b', 'Content-Disposition: form-data', '', 'm', '--b--', '')],
    ['a part without headers', raw('--b', '', 'm', '--b--', '')],
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

describe('a form as RFC 7578 allows it', () => {
  const model = ['--b', 'Content-Disposition: form-data; name="model"', '', 'm'];
  const fileOf = (...headers: string[]) => [...model, '--b', ...headers, '', 'RIFF', '--b--', ''];
  const named = 'Content-Disposition: form-data; name="file"; filename="a.wav"';

  test.each<[string, string[], string]>([
    ['quoted parameters', fileOf(named), 'a.wav'],
    [
      'tokens, as .NET writes them',
      fileOf("content-disposition: form-data; name=file; filename=a.wav; filename*=utf-8''a.wav"),
      'a.wav',
    ],
    ['a blank in a token', fileOf('Content-Disposition: form-data; name=file; filename=my talk.wav'), 'my talk.wav'],
    [
      'parameters the other way round',
      fileOf('Content-Disposition: form-data; filename="a.wav"; name="file"'),
      'a.wav',
    ],
    ['no blanks, or many', fileOf('Content-Disposition:form-data;name="file"  ;\t filename = "a.wav" ;'), 'a.wav'],
    ['names in capitals', fileOf('CONTENT-DISPOSITION: Form-Data; NAME="file"; FileName="a.wav"'), 'a.wav'],
    [
      'filename* alone',
      fileOf("Content-Disposition: form-data; name=file; filename*=UTF-8'de'f%C3%BCr.wav"),
      'f__r.wav',
    ],
    [
      'filename* beside an encoded word',
      fileOf(
        `Content-Disposition: form-data; name="file"; filename="=?utf-8?B?w6Qud2F2?="; filename*=utf-8''%C3%A4.wav`,
      ),
      '__.wav',
    ],
    ['escapes', fileOf('Content-Disposition: form-data; name="file"; filename="a\\"b\\\\c.wav"'), 'a_b_c.wav'],
    [
      'a path of Windows',
      fileOf('Content-Disposition: form-data; name="file"; filename="C:\\talks\\a.wav"'),
      'C__talks_a.wav',
    ],
    ['a semicolon in a name', fileOf('Content-Disposition: form-data; name="file"; filename="a;b.wav"'), 'a_b.wav'],
    ['a binary transfer encoding', fileOf(named, 'Content-Transfer-Encoding: binary'), 'a.wav'],
    ['an 8bit transfer encoding', fileOf('content-transfer-encoding:8BIT', named), 'a.wav'],
    ['a 7bit transfer encoding', fileOf('Content-Transfer-Encoding: 7bit ', named), 'a.wav'],
    ['further headers', fileOf('Content-Length: 4', named, 'X-Part: 1; a="b', 'Content-ID: <1>'), 'a.wav'],
    ['a folded header', fileOf('Content-Disposition: form-data;', ' name="file";', '\tfilename="a.wav"'), 'a.wav'],
    ['a preamble', ['This is a form.', '', ...fileOf(named)], 'a.wav'],
    ['an empty line before the form', ['', ...fileOf(named)], 'a.wav'],
    ['an epilogue', [...fileOf(named), 'bye', '--b', 'x'], 'a.wav'],
    ['blanks behind the boundary', fileOf(named).map((line) => (line === '--b' ? '--b \t ' : line)), 'a.wav'],
    ['no line break at the end', fileOf(named).slice(0, -1), 'a.wav'],
  ])('is read with %s', (_name, lines, name) => {
    const [body, contentType] = raw(...lines);
    const { model: id, file } = parseTranscriptionRequest(body, contentType);
    expect([id, file.name, body.toString('latin1', file.start, file.end)]).toEqual(['m', name, 'RIFF']);
  });

  test.each([
    'multipart/form-data; boundary=b',
    'Multipart/Form-Data;boundary="b"',
    'multipart/form-data; charset=utf-8; boundary=b',
    'multipart/form-data; boundary=b; charset="utf-8"; x=y;',
    'multipart/form-data ; Boundary = b',
  ])('is found by the content-type %s', (contentType) => {
    expect(parseTranscriptionRequest(raw(...fileOf(named))[0], contentType).model).toBe('m');
  });

  test.each(["----=_Part_1_2.3'(a)+/?:", 'a b,c'])('has the boundary %s, quoted or not', (boundary) => {
    const body = Buffer.from(fileOf(named).join('\r\n').replaceAll('--b', `--${boundary}`));
    for (const written of [boundary, `"${boundary}"`])
      expect(parseTranscriptionRequest(body, `multipart/form-data; boundary=${written}`).model).toBe('m');
  });

  test.each([
    ['two boundaries', 'multipart/form-data; boundary=b; boundary=b'],
    ['an empty boundary', 'multipart/form-data; boundary='],
    ['a boundary that is too long', `multipart/form-data; boundary=${'b'.repeat(71)}`],
    ['an open quote', 'multipart/form-data; boundary="b'],
  ])('is refused with %s, by the name of the header', (_name, contentType) => {
    expect(refusalOf(raw(...fileOf(named))[0], contentType)).toMatchObject({ param: 'content-type' });
  });

  const refusalOf = (body: Buffer, contentType = 'multipart/form-data; boundary=b') => {
    try {
      parseTranscriptionRequest(body, contentType);
    } catch (error) {
      return error as ServiceError;
    }
    throw new Error('The form was read.');
  };

  test.each([
    ['base64', fileOf(named, 'Content-Transfer-Encoding: base64'), /^file: .*content-transfer-encoding/],
    [
      'quoted-printable',
      fileOf(named, 'Content-Transfer-Encoding: Quoted-Printable'),
      /^file: .*content-transfer-encoding/,
    ],
    ['two dispositions', fileOf(named, named), /^Part 2 .*content-disposition was sent twice/],
    ['a name twice', fileOf(`${named}; name="model"`), /^Part 2 .*content-disposition/],
    ['no disposition', fileOf('Content-Type: audio/wav'), /^Part 2 .*content-disposition/],
    ['another disposition', fileOf('Content-Disposition: attachment; name="file"'), /^Part 2 .*content-disposition/],
    ['a quote in its name', fileOf('Content-Disposition: form-data; name="fi\\"le"; filename="a"'), /^Part 2 .*name/],
    ['a header without a colon', fileOf(named, 'oops'), /^Part 2 /],
    ['a bare line feed', fileOf(`${named}\nX: y`), /^Part 2 /],
    [
      'an unknown charset',
      [
        '--b',
        'Content-Disposition: form-data; name="prompt"',
        'Content-Type: text/plain; charset=klingon',
        '',
        'x',
        ...fileOf(named),
      ],
      /^prompt: .*content-type/,
    ],
  ])('is refused with %s, by the names of part and header', (_name, lines, message) => {
    expect(refusalOf(...raw(...lines)).message).toMatch(message);
  });

  test('says fields in another charset, for one or for all', () => {
    const prompt = ['--b', 'Content-Disposition: form-data; name="prompt"'];
    const latin = [...prompt, 'Content-Type: text/plain; charset=iso-8859-1', '', 'Gr\xfc\xdfe', ...fileOf(named)];
    expect(parseTranscriptionRequest(...raw(...latin)).prompt).toBe('Grüße');
    const all = [
      '--b',
      'Content-Disposition: form-data; name="_charset_"',
      '',
      'iso-8859-1',
      ...prompt,
      '',
      '\xfc',
      ...fileOf(named),
    ];
    expect(parseTranscriptionRequest(...raw(...all))).toMatchObject({ prompt: 'ü', model: 'm' });
  });

  test('does not take the next boundary into a part that ends with its headers', () => {
    const lines = ['--b', 'Content-Disposition: form-data; name="prompt"', '', ...fileOf(named)];
    expect(parseTranscriptionRequest(...raw(...lines))).toMatchObject({ prompt: '', model: 'm' });
  });

  test('is read in time that grows with its size only', () => {
    const large = 4 * 1024 * 1024;
    const read = (filler: string) => {
      const body = Buffer.from(
        `--b\r\nContent-Disposition: form-data; name=file${filler.repeat(large / filler.length)}`,
      );
      expect(() => parseTranscriptionRequest(body, 'multipart/form-data; boundary=b')).toThrow(ServiceError);
      const type = `multipart/form-data; ${filler.repeat(16_384 / filler.length)}`;
      expect(() => parseTranscriptionRequest(Buffer.from('x'), type)).toThrow(ServiceError);
    };
    const fillers = ['\r\n--', '\r\n-', '\r\n--b\r\n', '; a=b', '"', '\\', ' ', '\r\n ', '--b--'];
    expect(processorTimeOf(() => fillers.forEach(read))).toBeLessThan(2_000);
  });
});

describe('transcriptionForm', () => {
  const written = (...from: Parameters<typeof transcriptionForm>) => {
    const { contentType, pieces } = transcriptionForm(...from);
    return { contentType, body: Buffer.concat(pieces) };
  };
  const rewritten = async (fields: readonly Field[], changes: Record<string, string> = {}) => {
    const [body, contentType] = await toForm(fields);
    return written(body, parseTranscriptionRequest(body, contentType), changes);
  };

  test('writes the fields and the file anew, with the model that the provider knows', async () => {
    const { body, contentType } = await rewritten([...whole, ['prompt', 'Grüße\r\n--b']], { model: 'up/x' });
    const boundary = contentType.split('boundary=')[1]!;
    const head = (rest: string) => `--${boundary}\r\nContent-Disposition: form-data; ${rest}\r\n`;
    expect(body.toString()).toBe(
      `${head('name="model"')}\r\nup/x\r\n${head('name="prompt"')}\r\nGrüße\r\n--b\r\n` +
        `${head('name="file"; filename="__.wav"\r\nContent-Type: audio/wav')}\r\n\x01\x02\r\n--${boundary}--\r\n`,
    );
  });

  test('carries any bytes and any text, so that what was written is read again', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 50 });
    const filename = text.filter((each) => !each.includes('\0'));
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), text, filename, async (bytes, prompt, name) => {
        const form = await rewritten([
          ['prompt', prompt],
          ['file', audio(new Uint8Array(bytes)), name],
          ['model', 'm'],
        ]);
        const read = parseTranscriptionRequest(form.body, form.contentType);
        const [sent, contentType] = await toForm([['prompt', prompt], ...whole]);
        expect(read.prompt).toBe(parseTranscriptionRequest(sent, contentType).prompt);
        expect(Buffer.compare(form.body.subarray(read.file.start, read.file.end), Buffer.from(bytes))).toBe(0);
        expect(read.file.name).toMatch(/^[A-Za-z0-9._() -]*$/);
        expect(written(form.body, read, {}).body).toHaveLength(form.body.length);
      }),
    );
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
