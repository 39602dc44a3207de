import { describe, expect, test } from '@jest/globals';
import { eventually } from './eventually.ts';

describe('eventually', () => {
  test('repeats an assertion until it holds, and answers its answer', async () => {
    let tries = 0;
    const third = () => {
      tries += 1;
      expect(tries).toBe(3);
      return 'third';
    };
    expect(await eventually(third)).toBe('third');
  });

  test('throws the last failure when the time is over', async () => {
    let tries = 0;
    const never = async () => {
      tries += 1;
      throw new Error(`try ${tries}`);
    };
    await expect(eventually(never, { timeoutMs: 50 })).rejects.toThrow(/^try [2-9]$/);
  });
});
