import { describe, expect, test } from '@jest/globals';
import type { Model, ScopeStanding } from '@orgn/contracts';
import { measureChat } from '@orgn/dialects';
import { toMoneyRefusal, toRateRefusal } from './hold-refusal.ts';
import { rateHeaders } from './rate-headers.ts';

const price = { input: '1', output: '2' };
const model = { id: 'near_s', type: 'chat', context: 100, maxOutput: 80, defaultOutput: 10, price } as Model;
const asked = { measure: measureChat({ messages: [], max_tokens: 50 }), models: [model] as [Model] };
const balance: ScopeStanding = {
  kind: 'balance',
  period: 'total',
  limitNanoUsd: '180000',
  spentNanoUsd: '0',
  heldNanoUsd: '30000',
  roomNanoUsd: '150000',
  resetsAt: null,
};
const budget: ScopeStanding = { ...balance, kind: 'lineage', period: 'day', resetsAt: '2026-01-02T00:00:00.000Z' };

describe('a refusal for want of money', () => {
  test.each([
    ['a balance that is spent', 'spent', balance, 'insufficient_balance'],
    ['a budget that is spent', 'spent', budget, 'budget_exceeded'],
    ['money that others hold', 'busy', budget, 'balance_busy'],
  ] as const)('says of %s how it stands, what it would take, and what would fit', (_name, why, scope, code) => {
    const { refusal } = toMoneyRefusal({ state: 'refused', why, scope, rates: {} }, asked);
    expect(refusal.code).toBe(code);
    expect(refusal.message).toContain('may cost up to 0.0002 USD (100 tokens of prompt and 50 of answer at most)');
    expect(refusal.message).toContain('A max_tokens of at most 25 would fit now.');
    expect(refusal.message).toContain('0.00003 USD are held by requests under way');
    expect(refusal.message.includes('It begins anew at 2026-01-02T00:00:00.000Z.')).toBe(scope === budget);
    expect(refusal.retryAfterSeconds).toBe(why === 'busy' ? 1 : undefined);
  });

  test('names no max_tokens where none would fit', () => {
    const scope = { ...balance, roomNanoUsd: '99999' };
    const { refusal } = toMoneyRefusal({ state: 'refused', why: 'spent', scope, rates: {} }, asked);
    expect(refusal.message).not.toContain('would fit');
  });
});

test('a refusal for coming too fast says when to come again', () => {
  const rates = { tokens: { limit: 100, remaining: 0, resetMs: 1_001 } };
  const { refusal } = toRateRefusal({ state: 'too_fast', what: 'tokens', retryMs: 1_001, rates }, 100);
  expect(refusal).toMatchObject({ code: 'rate_limit_exceeded', retryAfterSeconds: 2 });
  const { refusal: hopeless } = toRateRefusal({ state: 'too_fast', what: 'tokens', retryMs: 1, rates }, 101);
  expect(hopeless.message).toBe(
    'This request may have up to 101 tokens, more than the 100 a minute of this API key. Lower max_tokens.',
  );
});

test('how limits stand is told in the names of each dialect', () => {
  const rates = { requests: { limit: 60, remaining: 59, resetMs: 1_500 } };
  const openai = { 'x-ratelimit-limit-requests': '60', 'x-ratelimit-remaining-requests': '59' };
  expect(rateHeaders(rates, 'openai')).toEqual({ ...openai, 'x-ratelimit-reset-requests': '1.5s' });
  const resets = [0, 999, 61_000].map((resetMs) =>
    rateHeaders({ tokens: { limit: 1, remaining: 0, resetMs } }, 'openai'),
  );
  expect(resets.map((headers) => headers['x-ratelimit-reset-tokens'])).toEqual(['0ms', '999ms', '1m1s']);
  expect(rateHeaders(rates, 'anthropic', 0)).toEqual({
    'anthropic-ratelimit-requests-limit': '60',
    'anthropic-ratelimit-requests-remaining': '59',
    'anthropic-ratelimit-requests-reset': '1970-01-01T00:00:01.500Z',
  });
  expect(rateHeaders({}, 'openai')).toEqual({});
});
