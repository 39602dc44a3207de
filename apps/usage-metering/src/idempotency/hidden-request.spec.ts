import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hideRequest } from './hidden-request.ts';
import { makeBegin } from './make.ts';

const text = fc.string({ maxLength: 40 });
const secret = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes));

test('a key and a body are equal to themselves only, in one team only, under one secret only', () => {
  const property = fc.property(text, text, secret, secret, (one, other, first, second) => {
    fc.pre(one !== other && !first.equals(second));
    const hide = (key: string, body: string, team = 'team_one') =>
      hideRequest(makeBegin({ key, body, team }), [first, second]);
    const hidden = hide(one, one);
    expect(hide(one, one)).toEqual(hidden);
    const others = [...hide(other, other).keyHmacs, ...hide(one, one, 'team_two').keyHmacs];
    const all = [...hidden.keyHmacs, ...hidden.bodyHmacs, ...others].map((hmac) => hmac.toString('hex'));
    expect(new Set(all).size).toBe(all.length);
  });
  fc.assert(property);
});

test('requests with one key take turns whatever secrets their replicas know', () => {
  const property = fc.property(text, text, secret, secret, (key, body, first, second) => {
    const turns = [hideRequest(makeBegin({ key, body }), [first]), hideRequest(makeBegin({ key }), [second])];
    expect(turns[0]?.turn).toBe(turns[1]?.turn);
  });
  fc.assert(property);
});
