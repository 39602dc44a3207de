import { describe, expect, jest, test } from '@jest/globals';
import { isWellFormedKey } from '@orgn/contracts';
import fc from 'fast-check';
import { newKeySecret, toKeyDigest } from './key-secret.ts';

describe('a new secret', () => {
  test('is well formed, and another one each time', () => {
    const secrets = Array.from({ length: 1_000 }, () => newKeySecret());
    expect(secrets.filter((secret) => !isWellFormedKey(secret))).toEqual([]);
    expect(new Set(secrets).size).toBe(secrets.length);
  });

  test('is well formed whatever the bytes are', () => {
    const bytes = fc.infiniteStream(fc.nat(255));
    fc.assert(
      fc.property(bytes, (stream) =>
        isWellFormedKey(newKeySecret((size) => Array.from({ length: size }, () => stream.next().value as number))),
      ),
    );
  });

  test('rejects bytes that would favour some characters, and asks for as many more', () => {
    const draw = jest
      .fn<(size: number) => number[]>()
      .mockReturnValueOnce([252, 253, 254, 255, ...Array.from({ length: 21 }, () => 251)])
      .mockReturnValueOnce([0, 1, 35, 36]);
    expect(newKeySecret(draw).slice(0, 33)).toBe(`sk-ollm-${'z'.repeat(21)}01z0`);
    expect(draw.mock.calls).toEqual([[25], [4]]);
  });

  test('uses each character equally often', () => {
    const counts = new Map<string, number>();
    for (let made = 0; made < 4_000; made += 1) {
      for (const character of newKeySecret().slice(8, 33)) counts.set(character, (counts.get(character) ?? 0) + 1);
    }
    const expected = (4_000 * 25) / 36;
    const chiSquared = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(counts.size).toBe(36);
    // 35 degrees of freedom: a fair source exceeds this once in 10^9 runs; `byte % 36` without rejection gives over 400.
    expect(chiSquared).toBeLessThan(110);
  });
});

describe('the digest for the registry', () => {
  test('is SHA-256 of the whole key, base64url', () => {
    expect(toKeyDigest('sk-ollm-0123456789abcdefghijklmno15osik8')).toBe('zHwwYwYLMaadJdn067-aDQSVl34xwjMwe34PywV4IW4');
  });
});
