import { describe, expect, test } from '@jest/globals';
import { countInputTokens, embed, parseEmbeddingRequest } from './embedding.ts';

function embedding(overrides: Record<string, unknown>): readonly (readonly number[] | string)[] {
  return embed(parseEmbeddingRequest({ model: 'm', input: 'hello', dimensions: 8, ...overrides }));
}

describe('embed', () => {
  test('gives a unit vector of the dimensions asked for, the same each time', () => {
    const [vector] = embedding({ dimensions: 256 });
    expect(vector).toHaveLength(256);
    expect(Math.hypot(...(vector as number[]))).toBeCloseTo(1, 5);
    expect(embedding({ dimensions: 256 })[0]).toEqual(vector);
    expect(embedding({ dimensions: 256, input: 'other' })[0]).not.toEqual(vector);
  });

  test('has 1536 dimensions unless told otherwise', () => {
    expect(embedding({ dimensions: undefined })[0]).toHaveLength(1536);
  });

  test('says the same in base64', () => {
    const [text] = embedding({ encoding_format: 'base64' });
    const bytes = Buffer.from(text as string, 'base64');
    const decoded = Array.from({ length: 8 }, (_, at) => bytes.readFloatLE(at * 4));
    expect(decoded).toEqual((embedding({})[0] as number[]).map(Math.fround));
  });

  test.each([
    ['a text', 'one', 1],
    ['texts', ['one', 'two'], 2],
    ['tokens', [1, 2, 3], 1],
    ['lists of tokens', [[1, 2], [3]], 2],
  ])('takes %s', (_, input, count) => {
    expect(embedding({ input })).toHaveLength(count);
  });

  test('counts the words of texts and the length of token lists, never more than the bytes', () => {
    const count = (input: unknown) => countInputTokens(parseEmbeddingRequest({ model: 'm', input }), 40);
    expect(count('one elephant')).toBe(3);
    expect(count([[1, 2], [3]])).toBe(3);
    expect(count('x '.repeat(100))).toBe(40);
  });

  test.each([
    [{ model: '' }, 'model'],
    [{ input: undefined }, 'input'],
    [{ input: '' }, 'input'],
    [{ input: ['a', 1] }, 'input'],
    [{ dimensions: 5000 }, 'dimensions'],
    [{ encoding_format: 'hex' }, 'encoding_format'],
  ])('refuses %j and names the field', (overrides, param) => {
    expect(() => embedding(overrides)).toThrow(expect.objectContaining({ status: 400, detail: { param } }));
  });
});
