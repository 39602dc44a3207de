import { expect, test } from '@jest/globals';
import { keyId } from '@orgn/contracts';
import { newKeyId } from './key-id.ts';

test('a new key id is well formed, says when it was made, and is never another one’s', () => {
  const before = Date.now();
  const ids = Array.from({ length: 500 }, newKeyId);
  const after = Date.now();
  expect(new Set(ids).size).toBe(ids.length);
  expect([...ids].sort()).toEqual(ids);
  for (const id of ids) {
    expect(keyId.parse(id)).toBe(id);
    const madeAt = parseInt(id.slice(4, 16), 16);
    expect(madeAt).toBeGreaterThanOrEqual(before);
    expect(madeAt).toBeLessThanOrEqual(after + 1);
  }
});
