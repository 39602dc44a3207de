import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ReasoningSeal, type ReasoningKey } from './reasoning-seal.ts';

const keyOf = (kid: string): ReasoningKey => ({ kid, secret: randomBytes(32) });
const current = keyOf('k1');
const seal = new ReasoningSeal([current]);
const terms = { teamId: 'team_a', execution: 'tee', model: 'near_x' };
const sizeOf = (sealed: string) => Buffer.from(sealed.split('.')[2] ?? '', 'base64url').length;

describe('ReasoningSeal', () => {
  test('opens what it sealed, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 600 }), (text) => {
        expect(seal.open(seal.seal(text, terms), terms)).toEqual({ text });
      }),
    );
  });

  test('never seals the same twice, and tells the length to 256 bytes only', () => {
    expect(seal.seal('x', terms)).not.toBe(seal.seal('x', terms));
    expect(sizeOf(seal.seal('x', terms))).toBe(sizeOf(seal.seal('x'.repeat(200), terms)));
    expect(sizeOf(seal.seal('x', terms)) % 256).toBe(32 + 12 + 16);
  });

  test('opens by an older key after a rotation, and leaves out what a key made that is gone', () => {
    const next = keyOf('k2');
    const old = seal.seal('x', terms);
    expect(new ReasoningSeal([next, current]).open(old, terms)).toEqual({ text: 'x' });
    expect(new ReasoningSeal([next]).open(old, terms)).toBe('elsewhere');
    expect(new ReasoningSeal([next, current]).seal('x', terms)).toMatch(/^orgn1\.k2\./);
  });

  test.each([{ model: 'near_y' }, { execution: 'zdr' }])('leaves out what was said under other terms: %j', (other) => {
    expect(seal.open(seal.seal('x', terms), { ...terms, ...other })).toBe('elsewhere');
  });

  test("takes another team's for forged", () => {
    expect(seal.open(seal.seal('x', terms), { ...terms, teamId: 'team_b' })).toBe('forged');
  });

  test('takes every changed byte for forged', () => {
    const sealed = Buffer.from(seal.seal('x', terms).slice('orgn1.k1.'.length), 'base64url');
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(seal.open(`orgn1.k1.${changed.toString('base64url')}`, terms)).toBe('forged');
    }
  });

  test.each(['', 'orgn1.k1.', 'orgn1.k1.AAAA', 'gAAAAAB', 'orgn1.K!.AAAA', '.'.repeat(100)])(
    'takes %j for forged',
    (given) => {
      expect(seal.open(given, terms)).toBe('forged');
    },
  );

  test('takes a seal by the same key of another deployment for forged', () => {
    expect(new ReasoningSeal([keyOf('k1')]).open(seal.seal('x', terms), terms)).toBe('forged');
  });
});
