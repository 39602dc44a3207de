import { describe, expect, test } from '@jest/globals';
import { requestId } from '@orgn/contracts';
import { newRequestId } from './request-id.ts';

describe('a request id', () => {
  test('is a UUIDv7 of now that no other request has, over many refills of the pool', () => {
    const before = Date.now();
    const ids = Array.from({ length: 5_000 }, newRequestId);
    expect(new Set(ids.map((id) => id.slice(14))).size).toBe(ids.length);
    for (const id of ids) {
      expect(requestId.safeParse(id).success).toBe(true);
      const time = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
      expect(time).toBeGreaterThanOrEqual(before);
      expect(time).toBeLessThanOrEqual(Date.now());
    }
  });
});
