import { describe, expect, test } from '@jest/globals';
import { toTicketStub, type KeyId, type RequestId, type TeamId, type UserId } from '@orgn/contracts';
import fc from 'fast-check';
import { z } from 'zod';
import { admissionSettings, type AdmissionKeys } from './admission-keys.ts';
import type { Admission } from './admission.ts';
import { mintTicket, readStub, readTicket } from './ticket.ts';

const settings = z.object(admissionSettings);
const keysOf = (...names: string[]): AdmissionKeys => {
  const list = names.map((name) => `${name}:${Buffer.alloc(32, name).toString('base64url')}`).join(',');
  return settings.parse({ ADMISSION_KEYS: list }).ADMISSION_KEYS;
};
const keys = keysOf('a1', 'a0');

const hex = (digit: string) => digit.repeat(32);
const admission: Admission = {
  requestId: '01930000-0000-7000-8000-000000000001' as RequestId,
  keyId: `key_${hex('1')}` as KeyId,
  teamId: 'team_acme' as TeamId,
  ownerId: `user_${hex('2')}` as UserId,
  lineageId: `key_${hex('3')}` as KeyId,
  source: 'api',
  admittedAtMs: 1_795_000_000_000,
  executionPolicy: 'any',
  teeDemands: 'tee; gpu; tcb=UpToDate',
  budgets: { total: '100', month: '25.50' },
  softBudgets: ['month'],
  teamBudget: { limit: '1000', isSoft: false },
  memberBudget: null,
  rpm: 60,
  tpm: null,
  concurrency: 8,
};

const usd = fc.tuple(fc.nat(999_999_999), fc.nat(999)).map(([whole, part]) => `${whole}.${part}`);
const anyHex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 32, maxLength: 32 });
const anyBudgets = fc.option(
  fc
    .record({ total: usd, day: usd, week: usd, month: usd }, { requiredKeys: [] })
    .filter((budgets) => Object.keys(budgets).length > 0),
);
const anyMonthly = fc.option(fc.record({ limit: usd, isSoft: fc.boolean() }));
const anyAdmission: fc.Arbitrary<Admission> = anyBudgets.chain((budgets) =>
  fc.record({
    requestId: fc.uuid({ version: 7 }).map((id) => id as RequestId),
    keyId: anyHex.map((id) => `key_${id}` as KeyId),
    teamId: fc.stringMatching(/^team_[a-z0-9_-]{3,60}$/).map((id) => id as TeamId),
    ownerId: fc.option(anyHex.map((id) => `user_${id}` as UserId)),
    lineageId: anyHex.map((id) => `key_${id}` as KeyId),
    source: fc.constantFrom('api', 'playground'),
    admittedAtMs: fc.nat(Number.MAX_SAFE_INTEGER),
    executionPolicy: fc.constantFrom('any', 'tee_only'),
    teeDemands: fc.constantFrom(null, 'tee', 'gpu; instance', 'tee; gpu; tcb=SWHardeningNeeded; instance'),
    budgets: fc.constant(budgets),
    softBudgets: fc.subarray(
      (['total', 'day', 'week', 'month'] as const).filter((window) => budgets?.[window] !== undefined),
    ),
    teamBudget: anyMonthly,
    memberBudget: anyMonthly,
    rpm: fc.option(fc.integer({ min: 1, max: 1_000_000_000 })),
    tpm: fc.option(fc.integer({ min: 1, max: 1_000_000_000 })),
    concurrency: fc.option(fc.integer({ min: 1, max: 1_000_000 })),
  }),
);
const anyModels = fc.option(
  fc.array(fc.stringMatching(/^[a-z0-9]{1,9}(_[a-z0-9]{1,9}){1,3}$/), { minLength: 1, maxLength: 256 }),
);

describe('a ticket', () => {
  test('proves what it was made of, and its stub all of it but the models', () => {
    fc.assert(
      fc.property(anyAdmission, anyModels, (said, models) => {
        const ticket = mintTicket(keys, said, models);
        expect(readTicket(keys, ticket)).toEqual({ admission: said, models });
        expect(readStub(keys, toTicketStub(ticket))).toEqual(said);
      }),
    );
  });

  test('with any character changed, put in or left out proves nothing', () => {
    const whole = mintTicket(keys, admission, ['near_a', 'vercel_b']);
    const characters = [...'abcXYZ019_-.,~ \u0000é\u0161\u{1f600}'];
    const places = Array.from({ length: whole.length }, (_, at) => [whole.slice(0, at), whole.slice(at)] as const);
    const changed = places.flatMap(([before, after]) => [
      before,
      ...characters.flatMap((character) => [before + character + after, before + character + after.slice(1)]),
    ]);
    const accepted = changed.filter((text) => text !== whole && typeof readTicket(keys, text) !== 'string');
    expect(accepted).toEqual([]);
  });

  test('whose values were swapped for those of another good one proves nothing', () => {
    const other = { ...admission, keyId: `key_${hex('9')}` as KeyId, teamId: 'team_other' as TeamId };
    const [mine, theirs] = [mintTicket(keys, admission, null), mintTicket(keys, other, null)].map((t) => t.split('.'));
    for (let index = 0; index < mine!.length; index += 1) {
      if (mine![index] === theirs![index]) continue;
      const mixed = mine!.map((part, at) => (at === index ? theirs![index] : part)).join('.');
      expect(readTicket(keys, mixed)).toBe('forged');
    }
  });

  test('without its list of models, or with another one, opens nothing: the restriction is part of it', () => {
    const limited = mintTicket(keys, admission, ['near_a']);
    expect(readTicket(keys, toTicketStub(limited))).toBe('forged');
    expect(readTicket(keys, `${toTicketStub(limited)}~near_a,vercel_b`)).toBe('forged');
    expect(readTicket(keys, `${mintTicket(keys, admission, null)}~near_a`)).toBe('forged');
  });

  test('is made with the first key and read with every one, so that keys can be rotated', () => {
    const [before, after] = [keysOf('a1'), keysOf('a2', 'a1')];
    expect(mintTicket(after, admission, null)).toMatch(/^a2\./);
    expect(readTicket(after, mintTicket(before, admission, null))).toMatchObject({ admission });
    expect(readTicket(before, mintTicket(after, admission, null))).toBe('unknown_kid');
  });

  test('of somebody who knows the name of a key but not the key is forged', () => {
    const settingsOfThief = { ADMISSION_KEYS: `a1:${Buffer.alloc(32, 'guess').toString('base64url')}` };
    const thief = settings.parse(settingsOfThief).ADMISSION_KEYS;
    expect(readTicket(keys, mintTicket(thief, admission, null))).toBe('forged');
  });

  test.each([
    ['nothing', ''],
    ['dots', '.'.repeat(2_000)],
    ['a kid', 'a1'],
    ['a kid and nothing', 'a1.'],
    ['a mark', '~'],
    ['a list', 'a1~near_a'],
    ['a kid again and again', 'a1.'.repeat(5_000)],
    ['far too much', 'x'.repeat(100_000)],
  ])('is none where it says %s', (_what, text) => {
    expect(['malformed', 'unknown_kid']).toContain(readTicket(keys, text));
  });

  test('is not made of values that could be read as others', () => {
    for (const teamId of ['team_a.key', 'team_a~b', '', 'team_ä'] as TeamId[])
      expect(() => mintTicket(keys, { ...admission, teamId }, null)).toThrow(RangeError);
  });
});

test('a ticket takes some microseconds on either side: printed by the long tests, judged by nobody', () => {
  const count = process.env.TEST_LONG === '1' ? 200_000 : 100;
  const ticket = mintTicket(keys, admission, null);
  const time = (work: () => unknown) => {
    for (let warm = 0; warm < count / 10; warm += 1) work();
    const startedAt = performance.now();
    for (let turn = 0; turn < count; turn += 1) work();
    return `${(((performance.now() - startedAt) * 1_000) / count).toFixed(2)} us`;
  };
  const [made, read] = [time(() => mintTicket(keys, admission, null)), time(() => readTicket(keys, ticket))];
  expect(ticket.length).toBeLessThan(400);
  if (process.env.TEST_LONG === '1')
    process.stdout.write(`a ticket of ${ticket.length} characters: made in ${made}, read in ${read}\n`);
});

describe('ADMISSION_KEYS', () => {
  test.each([
    ['is not set', undefined],
    ['is too short', 'a1:short'],
    ['names a kid twice', [1, 2].map((n) => `a1:${Buffer.alloc(32, n).toString('base64url')}`).join(',')],
  ])('that %s is refused', (_what, list) => {
    expect(settings.safeParse({ ADMISSION_KEYS: list }).success).toBe(false);
  });

  test('shows no key, however it is printed', () => {
    expect(JSON.stringify(keys)).toBe('[{"kid":"a1","key":{}},{"kid":"a0","key":{}}]');
  });
});
