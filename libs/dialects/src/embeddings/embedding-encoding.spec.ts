import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { splice } from '../json/splice.ts';
import { vectorEdits, type VectorEncoding } from './embedding-encoding.ts';

const answer = (...vectors: unknown[]) =>
  Buffer.from(
    JSON.stringify({
      object: 'list',
      data: vectors.map((embedding, index) => ({ object: 'embedding', index, embedding })),
    }),
  );
const vectorsOf = (json: Buffer, asked: VectorEncoding) =>
  (JSON.parse(String(splice(json, vectorEdits(json, asked)))) as { data: { embedding: unknown }[] }).data.map(
    ({ embedding }) => embedding,
  );
const base64 = Buffer.from(Float32Array.of(0.5, -0.25, 0.125, 1).buffer).toString('base64');

describe('vectorEdits', () => {
  test('writes numbers as the base64 that was asked for, and base64 as numbers', () => {
    expect(vectorsOf(answer([0.5, -0.25, 0.125, 1], [1]), 'base64')).toEqual([base64, 'AACAPw==']);
    expect(vectorsOf(answer(base64, base64), 'float')).toEqual([
      [0.5, -0.25, 0.125, 1],
      [0.5, -0.25, 0.125, 1],
    ]);
  });

  test('changes nothing that is as it was asked for', () => {
    expect(vectorEdits(answer([0.5]), 'float')).toEqual([]);
    expect(vectorEdits(answer(base64), 'base64')).toEqual([]);
  });

  test('keeps every float32 on the way there and back', () => {
    fc.assert(
      fc.property(fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }), (vector) => {
        const [written] = vectorsOf(answer(vector), 'base64');
        expect(vectorsOf(answer(written), 'float')).toEqual([
          vector.map((value) => (Object.is(value, -0) ? 0 : value)),
        ]);
      }),
    );
  });

  test.each(['abc', '', ['x'], { a: 1 }, null])('refuses the vector %j', (vector) => {
    expect(() => {
      vectorEdits(answer(vector), 'base64');
      vectorEdits(answer(vector), 'float');
    }).toThrow(expect.objectContaining({ code: 'provider_unavailable' }));
  });
});
