import { describe, expect, test } from '@jest/globals';
import type { ConsoleRequest } from '@orgn/console-api';
import { toCsv, toNdjson } from './request-export.ts';

describe('what an export was cut off at', () => {
  const cut = async function* (): AsyncGenerator<ConsoleRequest[], string | null> {
    yield await Promise.resolve([]);
    return 'the-cursor';
  };

  test('is its last line', async () => {
    expect((await Array.fromAsync(toCsv(cut()))).at(-1)).toBe('more,the-cursor\r\n');
    expect((await Array.fromAsync(toNdjson(cut()))).at(-1)).toBe('{"nextCursor":"the-cursor"}\n');
  });
});
