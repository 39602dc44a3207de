import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { isSameDigest, toStoredDigest } from './key-digest.ts';

const pepper = { kid: 'k1', secret: Buffer.alloc(32, 7) };
const keyDigest = createHash('sha256').update('sk-ollm-0123456789abcdefghijklmno15osik8').digest('base64url');

describe('a stored digest', () => {
  test('is the HMAC-SHA-256 of the key’s SHA-256 under the pepper', () => {
    const { kid, digest } = toStoredDigest(pepper, keyDigest);
    expect(kid).toBe('k1');
    // printf %s sk-ollm-… | openssl dgst -sha256 -binary | openssl dgst -sha256 -mac HMAC -macopt hexkey:0707…
    expect(digest.toString('hex')).toBe('d18e1906c789e3a7abd2391dee995daedffbb92458eb2bbdbfc4fefd14274ece');
  });

  test('says nothing about the key without the pepper', () => {
    const other = toStoredDigest({ ...pepper, secret: Buffer.alloc(32, 8) }, keyDigest);
    expect(other.digest).not.toEqual(toStoredDigest(pepper, keyDigest).digest);
  });
});

describe('two digests', () => {
  const digest = toStoredDigest(pepper, keyDigest);

  test('are the same when bytes and pepper are', () => {
    expect(isSameDigest(digest, toStoredDigest(pepper, keyDigest))).toBe(true);
  });

  test.each([
    ['another pepper’s name', { ...digest, kid: 'k2' }],
    [
      'one bit changed',
      { ...digest, digest: Buffer.from(digest.digest.map((byte, index) => (index === 31 ? byte ^ 1 : byte))) },
    ],
    ['another length', { ...digest, digest: digest.digest.subarray(1) }],
  ])('are not with %s', (_, other) => {
    expect(isSameDigest(digest, other)).toBe(false);
  });
});
