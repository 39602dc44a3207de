import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { requestDigest } from './request-digest.ts';

const path = '/v1/audio/transcriptions';
const boundary = fc.string({ unit: fc.constantFrom(...'abcdef0123456789'), minLength: 16, maxLength: 40 });
/** Values that hold no boundary, as forms demand. */
const values = fc.array(fc.string({ unit: fc.constantFrom(...'xyz\r\n- ') }), { minLength: 1, maxLength: 5 });

const form = (border: string, parts: readonly string[], isQuoted: boolean) => ({
  path,
  contentType: `multipart/form-data; boundary=${isQuoted ? `"${border}"` : border}`,
  body: Buffer.from(`${parts.map((part) => `--${border}\r\n\r\n${part}\r\n`).join('')}--${border}--\r\n`),
});

describe('requestDigest', () => {
  test('of a form does not depend on its boundary, and on nothing less than everything else', () => {
    fc.assert(
      fc.property(boundary, boundary, values, values, fc.boolean(), (one, other, parts, others, isQuoted) => {
        const digest = requestDigest(form(one, parts, isQuoted));
        expect(requestDigest(form(other, parts, !isQuoted))).toBe(digest);
        const isSame = JSON.stringify(parts) === JSON.stringify(others);
        expect(requestDigest(form(one, others, isQuoted)) === digest).toBe(isSame);
      }),
    );
  });

  test('of anything else depends on every byte, and on the path', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (one, other) => {
        const digestOf = (body: Uint8Array, at = path) =>
          requestDigest({ path: at, contentType: 'application/json', body: Buffer.from(body) });
        expect(digestOf(one) === digestOf(other)).toBe(Buffer.from(one).equals(Buffer.from(other)));
        expect(digestOf(one, '/v1/embeddings')).not.toBe(digestOf(one));
      }),
    );
  });
});
