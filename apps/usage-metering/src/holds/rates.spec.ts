import { describe, expect, test } from '@jest/globals';
import type { KeyId, RequestId } from '@orgn/contracts';
import { makeAdmission } from '@orgn/testing';
import { makeRequestId } from '../usage/make.ts';
import { Rates, type Counted } from './rates.ts';

const lineageId = `key_${'1'.repeat(32)}` as KeyId;
const rated = (rpm: number | null, tpm: number | null = null) =>
  makeAdmission({ requestId: makeRequestId() as RequestId, lineageId, rpm, tpm });
const admitted = (rates: Rates, times: number, rpm: number, isBlind: boolean) =>
  Array.from({ length: times }, () => rates.take(rated(rpm), 10, isBlind)).filter((answer) => answer === undefined)
    .length;

describe('whoever owns a team next', () => {
  test('goes on from what the former owner has said', () => {
    const said: Counted[] = [];
    const former = new Rates((counted) => said.push(counted));
    expect(admitted(former, 40, 60, false)).toBe(40);
    const next = new Rates();
    for (const counted of said) next.heard(counted);
    expect(admitted(next, 40, 60, false)).toBe(20);
  });

  test('takes half to be used up where nobody has said anything to it, once', () => {
    const next = new Rates();
    expect(admitted(next, 60, 60, true)).toBe(30);
    expect(admitted(next, 60, 60, true)).toBe(0);
  });
});

describe('tokens', () => {
  test('are counted by what a request may have, and what it did not use is there again', () => {
    const rates = new Rates();
    const admission = rated(null, 100);
    const at = performance.now();
    expect(rates.take(admission, 90, false)).toBeUndefined();
    expect(rates.take(rated(null, 100), 20, false)).toMatchObject({ what: 'tokens' });
    const order = { admission, nanoUsd: 0n, tokens: 90, limits: [], softLimits: [], askedAt: 0 };
    rates.ended({ order, at }, 30);
    expect(rates.standingsOf(admission).tokens).toMatchObject({ remaining: 70 });
    expect(rates.take(rated(null, 100), 20, false)).toBeUndefined();
  });

  test('of a request that did not run are given back with its turn', () => {
    const rates = new Rates();
    const admission = rated(1, 100);
    const at = performance.now();
    expect(rates.take(admission, 90, false)).toBeUndefined();
    rates.ended(
      { order: { admission, nanoUsd: 0n, tokens: 90, limits: [], softLimits: [], askedAt: 0 }, at },
      undefined,
    );
    expect(rates.standingsOf(admission)).toMatchObject({ requests: { remaining: 1 }, tokens: { remaining: 100 } });
  });
});
