import { describe, expect, test } from '@jest/globals';
import { type ServiceError } from '@orgn/contracts';
import { splice } from '../json/splice.ts';
import { embeddingRequestEdits } from './embedding-request-edits.ts';
import { readEmbeddingAnswer } from './embedding-answer.ts';
import { parseEmbeddingRequest } from './parse-embedding-request.ts';
import { toText } from '../request/request-edits.ts';

const toBody = (value: object) => Buffer.from(JSON.stringify(value));
const refusalOf = (value: object): ServiceError => {
  try {
    parseEmbeddingRequest(toBody(value));
  } catch (error) {
    return error as ServiceError;
  }
  throw new Error('was accepted');
};

describe('parseEmbeddingRequest', () => {
  test.each([['text'], [['a', 'b']], [[1, 2]], [[[1, 2], [3]]]])('takes %j as input', (input) => {
    const request = { model: 'm', input, encoding_format: 'base64', dimensions: 8, user: 'u' };
    expect(parseEmbeddingRequest(toBody(request))).toEqual(request);
  });

  test.each<[object, string, string]>([
    [{ model: 'm' }, 'invalid_request', 'input'],
    [{ model: 'm', input: [] }, 'invalid_request', 'input'],
    [{ model: 'm', input: ['a', 1] }, 'invalid_request', 'input'],
    [{ model: 'm', input: [1.5] }, 'invalid_request', 'input'],
    [{ model: 'm', input: [-1] }, 'invalid_request', 'input'],
    [{ model: 'm', input: 'a', dimensions: 0 }, 'invalid_request', 'dimensions'],
    [{ model: 'm', input: 'a', encoding_format: 'hex' }, 'invalid_request', 'encoding_format'],
    [{ model: 'm', input: 'a', Input: 'b' }, 'unknown_parameter', 'Input'],
    [{ model: 'm', input: 'a', store: true }, 'invalid_request', 'store'],
  ])('refuses %j as %s', (value, code, param) => {
    const refusal = refusalOf(value);
    expect(refusal.code).toBe(code);
    expect(refusal.param).toMatch(new RegExp(`^${param}(\\[|$)`));
  });
});

describe('embeddingRequestEdits', () => {
  test('replace the model, drop who asked, and leave the rest', () => {
    const body = Buffer.from('{ "user":"u", "input":"a" , "model":"m", "models":["n"] }');
    const edits = embeddingRequestEdits(toText(body), { upstreamModel: 'up', members: { providerOptions: '{}' } });
    expect(splice(body, edits).toString()).toBe('{ "providerOptions":{},"input":"a" , "model":"up" }');
  });
});

describe('readEmbeddingAnswer', () => {
  test('reads usage and finds the model', () => {
    const json = toBody({
      object: 'list',
      data: [{ embedding: [1] }],
      model: 'up',
      usage: { prompt_tokens: 3, total_tokens: 3 },
    });
    expect(readEmbeddingAnswer(json)).toMatchObject({ usage: { promptTokens: 3, completionTokens: 0 }, outputs: 1 });
  });

  test.each(['', '[]', '{"data":5}'])('does not pretend to read %j', (text) => {
    expect(readEmbeddingAnswer(Buffer.from(text))).toBeUndefined();
  });

  test("sees a provider's failure", () => {
    expect(readEmbeddingAnswer(toBody({ error: {} }))?.hasError).toBe(true);
  });
});
