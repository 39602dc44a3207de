import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { boundedRecord } from './bounded-record.ts';
import { parseRequest } from './parse-request.ts';

describe('parseRequest', () => {
  test.each<[string, (element: z.ZodType) => z.ZodType]>([
    ['a list', (element) => z.array(element)],
    ['a list in one of several forms', (element) => z.union([z.number(), z.array(element)])],
    ['lists in lists', (element) => z.array(z.strictObject({ inner: z.array(element) }))],
  ])('looks no further than to the first fault of %s', (_, toSchema) => {
    let looks = 0;
    const bad = z.custom<never>(() => {
      looks += 1;
      return false;
    });
    const many = Array.from({ length: 10_000 }, () => ({ inner: Array(10).fill(0) }));
    expect(() => parseRequest(toSchema(bad), many)).toThrow(/is not valid|Invalid/);
    expect(looks).toBeLessThan(10);
  });

  test('says of a record how many members it may have', () => {
    const schema = z.strictObject({ labels: boundedRecord(z.string().max(9), z.number(), 1) });
    expect(() => parseRequest(schema, { labels: { a: 1, b: 2 } })).toThrow('labels must have at most 1 members.');
  });
});
