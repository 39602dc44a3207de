import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { ServiceError } from '@orgn/contracts';
import { processorTimeOf } from '@orgn/testing';
import { chatForm } from '../chat/parse-chat-request.ts';
import { completionForm } from '../completions/parse-completion-request.ts';
import { embeddingForm } from '../embeddings/parse-embedding-request.ts';
import { MAX_MEMBERS, MAX_VALUES } from '../json/json-scan.ts';
import { parseStrictJson } from '../json/strict-json.ts';
import { messageForm, tokenCountForm } from '../messages/parse-message-request.ts';
import { rerankForm } from '../rerank/parse-rerank-request.ts';
import { responseForm } from '../responses/parse-response-request.ts';
import { readTranscriptionRequest } from '../transcriptions/parse-transcription-request.ts';

/** `npm run test:long` reads bodies up to the largest size. */
const isLong = process.env.TEST_LONG === '1';
if (isLong) jest.setTimeout(900_000);
const MIB = 1024 * 1024;
const MOST = isLong ? 32 * MIB : MIB / 4;
const RUNS = isLong ? 400 : 60;
/** What reading may take of a processor that has other things to do as well: so much at most, and so much for each MiB. */
const BASE_MS = 1_000;
const MS_PER_MIB = 250;

const forms = { chatForm, completionForm, embeddingForm, messageForm, rerankForm, responseForm, tokenCountForm };

const places = ['messages', 'input', 'prompt', 'documents', 'tools', 'functions', 'stop', 'logit_bias', 'metadata'];
const more = ['guided_json', 'models', 'unheard_of', 'system', 'query', 'model', 'n', 'tool_choice', 'response_format'];
const units = [
  '{}',
  '[]',
  'null',
  '1e9',
  '""',
  '"\\\\\\""',
  '"\\ud83d\\ude00"',
  '{"role":"user"}',
  '{"role":"user","content":"x"}',
  '{"role":"user","content":"x","extra":null,"more":1}',
  '{"role":"user","content":[{"type":"text"}]}',
  '{"type":"text","text":"x","cache_control":{}}',
  '{"type":"message","role":"assistant","content":[]}',
  '{"type":"function_call"}',
  '{"type":"function","function":{"name":"f","parameters":{}}}',
  '{"type":"web_search"}',
  '{"type":"reasoning","summary":[]}',
  `${'['.repeat(40)}${']'.repeat(40)}`,
];
const unit = fc.oneof(fc.constantFrom(...units), fc.json({ maxDepth: 3 }));
/** Something repeated until it fills the body, somewhere in a request that is right or not. */
const body = fc
  .record({
    place: fc.constantFrom(...places, ...more),
    wrap: fc.constantFrom(
      ['[', ']'],
      ['[{"role":"user","content":[', ']}]'],
      ['[{"role":"assistant","tool_calls":[', ']}]'],
    ),
    unit,
    isNamed: fc.boolean(),
    size: fc.integer({ min: 1_000, max: MOST }),
    last: fc.constantFrom('', ',{}', ',1', ',"x"', '}', ',"a":1', '\\'),
  })
  .map(({ place, wrap, unit: each, isNamed, size, last }) => {
    const count = Math.max(1, Math.floor(size / (each.length + (isNamed ? 12 : 1))));
    const [opening, closing] = isNamed ? ['{', '}'] : wrap;
    const parts = Array.from({ length: count }, (_, at) => (isNamed ? `"n${at}":${each}` : each));
    const value = `${opening}${parts.join(',')}${last}${closing}`;
    return Buffer.from(`{"model":"m","max_tokens":5,${JSON.stringify(place)}:${value}}`);
  });

function timeOf(read: () => unknown): number {
  return processorTimeOf(() => {
    try {
      read();
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
    }
  });
}

const allowed = (bytes: Buffer) => BASE_MS + (MS_PER_MIB * bytes.length) / MIB;
const policy = { isStrict: false, cachesPrompts: () => false };

describe('whatever a body is made of, it is read in a time that grows with its length', () => {
  test.each(Object.entries(forms))('by %s', (_, form) => {
    fc.assert(
      fc.property(body, fc.boolean(), (bytes, isRouter) => {
        const took = timeOf(() => (isRouter ? form.parse(bytes) : form.read(bytes, policy)));
        expect(took).toBeLessThan(allowed(bytes));
      }),
      { numRuns: Math.ceil(RUNS / 7) },
    );
  });

  test('as a form', () => {
    const piece = fc.constantFrom(
      '\r\n--x',
      '\r\n--',
      '--x\r\n',
      'a',
      '\r\n',
      'content-disposition: form-data; name="a"',
      ';',
    );
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 100, max: MOST }),
        (pieces, size) => {
          const text = pieces.join('');
          const filling = text.repeat(Math.floor(size / text.length));
          const bytes = Buffer.from(`--x\r\ncontent-disposition: form-data; name="model"\r\n\r\n${filling}\r\n--x--`);
          const contentType = 'multipart/form-data; boundary=x';
          expect(timeOf(() => readTranscriptionRequest({ body: bytes, contentType }, false))).toBeLessThan(
            allowed(bytes),
          );
        },
      ),
      { numRuns: RUNS },
    );
  });
});

describe('a body that is counted before it is parsed', () => {
  const text = fc.oneof(
    fc.json({ maxDepth: 5 }),
    fc.jsonValue().map((value) => JSON.stringify({ a: value }, null, 2)),
  );
  const change = fc.tuple(
    fc.nat(),
    fc.constantFrom('', '{', '}', '[', ']', '"', '\\', ',', ':', ' ', '1', 'e', '\u0000', 'é'),
  );

  test('is accepted only as what any parser reads in it, and refused only if that fails or a rule says so', () => {
    fc.assert(
      fc.property(text, fc.array(change, { maxLength: 3 }), (json, changes) => {
        const mutated = changes.reduce((all, [at, put]) => {
          const place = at % (all.length + 1);
          return all.slice(0, place) + put + all.slice(place + 1);
        }, json);
        const bytes = Buffer.from(mutated);
        const [ours, theirs] = [attempt(() => parseStrictJson(bytes)), attempt(() => JSON.parse(mutated) as unknown)];
        if ('value' in ours) expect(ours).toEqual(theirs);
        else if ('value' in theirs && isObject(theirs.value))
          expect(ours.message).toMatch(/twice|levels|values|fields|number/);
      }),
      { numRuns: isLong ? 50_000 : 3_000 },
    );
  });

  test('has limits that are far above use', () => {
    expect(MAX_VALUES).toBeGreaterThanOrEqual(200_000);
    expect(MAX_MEMBERS).toBeGreaterThanOrEqual(20_000);
    const turns = `{"role":"user","content":"x"},`.repeat(60_000);
    const long = Buffer.from(`{"model":"m","messages":[${turns}{"role":"user","content":"x"}]}`);
    expect(chatForm.parse(long).messages).toHaveLength(60_001);
    const inputs = Buffer.from(JSON.stringify({ model: 'm', input: Array(2_048).fill(Array(100).fill(7)) }));
    expect(embeddingForm.parse(inputs).input).toHaveLength(2_048);
  });
});

function attempt(read: () => unknown): { value: unknown } | { message: string } {
  try {
    return { value: read() };
  } catch (error) {
    return { message: (error as Error).message };
  }
}

const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
