/** @jest-environment node */
import { describe, expect, test } from '@jest/globals';
import { checkIds } from '@orgn/attestation';
import type { ShownCheck } from '@orgn/console-api';
import { judge, steps, worstOf } from './steps.ts';

const check = (id: string, status: ShownCheck['status']): ShownCheck => ({ id, status, source: 'x', detail: '' });

describe('the steps of a proof', () => {
  test('hold every check once', () => {
    expect(steps.flatMap(({ ids }) => ids).sort()).toEqual([...checkIds].sort());
  });

  test('pass when all that was checked passed, and never when nothing was', () => {
    const all = checkIds.map((id) => check(id, 'pass'));
    expect(new Set(judge(all).map(({ status }) => status))).toEqual(new Set(['pass']));
    expect(new Set(judge([]).map(({ status }) => status))).toEqual(new Set(['unknown']));
  });

  test.each(checkIds)('one that fails is seen: %s', (id) => {
    const judged = judge(checkIds.map((one) => check(one, one === id ? 'fail' : 'pass')));
    expect(judged.filter(({ status }) => status === 'fail')).toHaveLength(1);
    expect(judged.find(({ status }) => status === 'fail')?.ids).toContain(id);
  });

  test('one that is not known does not hide behind those that passed', () => {
    expect(worstOf(['pass', 'unknown', 'pass'])).toBe('unknown');
    expect(worstOf(['unknown', 'fail', 'pass'])).toBe('fail');
    expect(worstOf(['pass'])).toBe('pass');
  });
});
