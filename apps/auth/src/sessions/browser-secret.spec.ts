import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hashOf, isBrowserSecret, newBrowserSecret, seal, unseal } from './browser-secret.ts';

describe('a browser’s secret', () => {
  test('has 256 bits and is never the same', () => {
    const secrets = Array.from({ length: 100 }, newBrowserSecret);
    expect(new Set(secrets).size).toBe(100);
    for (const secret of secrets) {
      expect(isBrowserSecret(secret)).toBe(true);
      expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
      expect(hashOf(secret).toString('base64url')).not.toBe(secret);
    }
  });

  test.each(['', 'a'.repeat(42), 'a'.repeat(44), `${'a'.repeat(42)}=`, `${'a'.repeat(42)}\n`])(
    'is not just anything (%j)',
    (text) => expect(isBrowserSecret(text)).toBe(false),
  );
});

describe('a sealed text', () => {
  test('is read back by the secret that sealed it, for the purpose it was sealed for', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const secret = newBrowserSecret();
        expect(unseal(secret, 'a', seal(secret, 'a', text))).toBe(text);
      }),
    );
  });

  test('is read by no other secret and for no other purpose', () => {
    const [secret, other] = [newBrowserSecret(), newBrowserSecret()];
    const sealed = seal(secret, 'id token', 'text');
    expect(unseal(other, 'id token', sealed)).toBeUndefined();
    expect(unseal(secret, 'pending sign-in', sealed)).toBeUndefined();
    expect(sealed.includes('text')).toBe(false);
  });

  test('is not read once any byte of it has changed', () => {
    const secret = newBrowserSecret();
    const sealed = seal(secret, 'id token', 'a text that nobody may change');
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Buffer.from(sealed);
      changed[index]! ^= 1;
      expect(unseal(secret, 'id token', changed)).toBeUndefined();
    }
    expect(unseal(secret, 'id token', sealed.subarray(0, 20))).toBeUndefined();
  });
});
