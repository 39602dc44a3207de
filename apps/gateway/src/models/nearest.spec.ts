import { describe, expect, test } from '@jest/globals';
import { nearest } from './nearest.ts';

const ids = ['near_qwen3_30b', 'near_gpt_oss_120b', 'phala_deepseek_r1', 'vercel_gpt_4o'];

describe('nearest', () => {
  test.each([
    ['near/Qwen3-30B-A3B-Instruct-2507', 'near_qwen3_30b'],
    ['near/gpt-oss-120b', 'near_gpt_oss_120b'],
    ['gpt-4o', 'vercel_gpt_4o'],
    ['phala_deepseek_r2', 'phala_deepseek_r1'],
  ])('suggests for %s first %s', (asked, expected) => {
    expect(nearest(asked, ids)[0]).toBe(expected);
  });

  test('suggests nothing for what resembles nothing', () => {
    expect(nearest('x', ids)).toEqual([]);
    expect(nearest('zzzzzzzz', ids)).toEqual([]);
  });
});
