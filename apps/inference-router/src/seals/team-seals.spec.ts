import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { ServiceError } from '@orgn/contracts';
import fc from 'fast-check';
import { toReasoningKeys } from './reasoning-key.ts';
import { isOwn, SealedReasoning, unopenedOf } from './sealed-reasoning.ts';
import { TeamSeals } from './team-seals.ts';

const secret = () => randomBytes(32).toString('base64url');
const [first, second] = [`r1:${secret()}`, `r2:${secret()}`];
const keys = (...list: string[]) => toReasoningKeys(list.join(','));
const team = randomUUID();
const seals = new TeamSeals(keys(first), team);
const model = { execution: 'tee', provider: 'near', id: 'near_x' };
const sealed = (text: string) => seals.seal(text, model) ?? '';
const opening = (text: string, by = seals) => {
  try {
    return by.open(text, 'input[1].encrypted_content')?.text;
  } catch (error) {
    return error;
  }
};

describe('a seal', () => {
  test('gives back what was sealed, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 2_000 }), (text) => {
        expect(opening(sealed(text))).toBe(text);
      }),
    );
  });

  test('is another one each time, and tells neither text nor length', () => {
    expect(sealed('yes')).not.toBe(sealed('yes'));
    expect(sealed('yes')).toHaveLength(sealed('no'.repeat(60)).length);
    expect(sealed('x'.repeat(253)).length).toBeGreaterThan(sealed('x'.repeat(252)).length);
    expect(Buffer.from(sealed('secret thoughts').split('.')[3] ?? '', 'base64url').includes('secret')).toBe(false);
  });

  test('is refused when a character of what it says or holds is another one', () => {
    const text = sealed('thoughts');
    fc.assert(
      fc.property(
        fc.integer({ min: 'orgn1.r1.'.length, max: text.length - 1 }),
        fc.constantFrom('A', 'x', '-', '.'),
        (at, other) => {
          const forged = text.slice(0, at) + other + text.slice(at + 1);
          if (forged === text) return;
          expect(opening(forged)).toMatchObject({ code: 'invalid_request', param: 'input[1].encrypted_content' });
        },
      ),
    );
  });

  test.each(['', 'x', 'orgn1.r1', 'orgn1.r1.AA.AA', 'orgn2.r1.AA.AA'])('%j is none', (text) => {
    expect(opening(text)).toBeInstanceOf(ServiceError);
  });

  test('of another team is refused, and the refusal says nothing of it', () => {
    const error = opening(sealed('thoughts'), new TeamSeals(keys(first), randomUUID()));
    expect(error).toMatchObject({ code: 'invalid_request', param: 'input[1].encrypted_content' });
  });

  test('opens under a key that is no longer the first, and is left out once the key is gone', () => {
    expect(opening(sealed('thoughts'), new TeamSeals(keys(second, first), team))).toBe('thoughts');
    expect(opening(sealed('thoughts'), new TeamSeals(keys(second), team))).toBeUndefined();
    expect(opening(sealed('thoughts'), new TeamSeals([], team))).toBeUndefined();
  });

  test('of OpenAI is left out', () => {
    expect(opening('gAAAAABoRQ-abc_x==')).toBeUndefined();
  });

  test('is not made without a key', () => {
    expect(new TeamSeals([], team).seal('thoughts', model)).toBeUndefined();
  });
});

describe('the sealed reasoning of a request', () => {
  const placed = [sealed('mine'), seals.seal('theirs', { ...model, id: 'near_y' }) ?? '', 'gAAAAABx'].map(
    (text, index) => ({ index, path: `input[${index}].encrypted_content`, sealed: text }),
  );
  const reasoning = new SealedReasoning(placed, seals);

  test('is for the model it is of; what is left out is named', () => {
    expect([...reasoning.of(model)]).toEqual([[0, 'mine']]);
    expect(unopenedOf(reasoning.groups, model)).toEqual(['input[1].encrypted_content', 'input[2].encrypted_content']);
    expect(isOwn(reasoning.groups, model)).toBe(false);
    expect(reasoning.all.size).toBe(2);
  });

  test.each([{ execution: 'zdr' }, { provider: 'phala' }])('is of no model that executed as %j', (other) => {
    expect(reasoning.of({ ...model, ...other }).size).toBe(0);
  });
});
