import { hkdfSync } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { deriveSecret, newOpsToken } from './secrets.mjs';

test('an ops token is 32 random bytes', () => {
  expect(Buffer.from(newOpsToken(), 'base64url')).toHaveLength(32);
  expect(newOpsToken()).not.toBe(newOpsToken());
});

test('a derived secret is HKDF-SHA256 of the token as text, without salt', () => {
  const expected = Buffer.from(hkdfSync('sha256', Buffer.from('token'), Buffer.alloc(0), 'orgn:key-pepper', 32));
  expect(deriveSecret('token', 'key-pepper')).toBe(expected.toString('base64url'));
});

test('names and tokens give different secrets', () => {
  const all = ['a', 'b'].flatMap((token) => ['x', 'y'].map((name) => deriveSecret(token, name)));
  expect(new Set(all).size).toBe(4);
});
