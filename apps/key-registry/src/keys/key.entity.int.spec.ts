import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { listKeys, registerKey, setKeysStanding, verifyKey, type KeyState } from '@orgn/contracts';
import { schemaDrift, startBackbone, type Backbone } from '@orgn/testing';
import fc from 'fast-check';
import { migrations } from '../migrations/index.ts';
import { keyRegistryService } from '../service.ts';
import { TeamStandingEntity } from './team-standing.entity.ts';
import { KeyEntity } from './key.entity.ts';
import { makeDigest, makePeppers, makeRegistration, sql, wordOf } from './make.ts';

interface Facts {
  isRevoked: boolean;
  /** Hours from now, by the clock of the database. */
  expiresIn: -1 | 1;
  isSuspended: boolean;
  isDisabled: boolean;
  isReplaced: boolean;
}

const everything: Facts[] = Array.from({ length: 32 }, (_, bits) => ({
  isRevoked: (bits & 1) > 0,
  expiresIn: (bits & 2) > 0 ? -1 : 1,
  isSuspended: (bits & 4) > 0,
  isDisabled: (bits & 8) > 0,
  isReplaced: (bits & 16) > 0,
}));

/** The rule in words: revoked is final, then time decides, then the team, then the switch. */
function stateOf({ isRevoked, expiresIn, isSuspended, isDisabled, isReplaced }: Facts): KeyState {
  if (isRevoked) return 'revoked';
  if (expiresIn < 0) return 'expired';
  if (isSuspended) return 'suspended';
  if (isDisabled) return 'disabled';
  return isReplaced ? 'rotating' : 'active';
}

const words: Record<KeyState | 'unknown', string> = {
  active: 'ok',
  rotating: 'ok',
  disabled: 'key_disabled',
  suspended: 'key_owner_removed',
  expired: 'key_expired',
  revoked: 'key_revoked',
  unknown: 'invalid_api_key',
};
/** What is said of a key while its team is suspended: its own end first. */
const wordsOfSuspended = { ...words, ...fromKeys(['active', 'rotating', 'disabled', 'suspended'], 'team_suspended') };

function fromKeys(states: KeyState[], word: string) {
  return Object.fromEntries(states.map((state) => [state, word]));
}

let backbone: Backbone;
let keys: { digest: string; state: KeyState | 'unknown' }[];

beforeAll(async () => {
  backbone = await startBackbone([{ name: 'key_registry', migrations }]);
  const more = { KEY_PEPPERS: makePeppers('test', 'older') };
  await backbone.start(keyRegistryService, { instance: 'key-registry-1', schema: 'key_registry', more });
  const known = await Promise.all(
    everything.map(async (facts) => ({ digest: await registerWith(facts), state: stateOf(facts) })),
  );
  keys = [...known, ...Array.from({ length: 4 }, () => ({ digest: makeDigest(), state: 'unknown' as const }))];
});

afterAll(() => backbone.stop());

async function registerWith(facts: Facts): Promise<string> {
  const registration = makeRegistration();
  const { id } = await backbone.bus.ask(registerKey, registration);
  const assignments = `created_at = now() - interval '1 day', expires_at = now() + $2::float * interval '1 h',
    suspended_at = CASE WHEN $3 THEN now() END, disabled_at = CASE WHEN $4 THEN now() END,
    replaced_by = CASE WHEN $5 THEN 'key_' || repeat('0', 32) END,
    revoked_at = CASE WHEN $6 THEN now() END, revocation_reason = CASE WHEN $6 THEN 'other' END`;
  const { expiresIn, isSuspended, isDisabled, isReplaced, isRevoked } = facts;
  const values = [id, expiresIn, isSuspended, isDisabled, isReplaced, isRevoked];
  await sql(backbone.postgres.urlOf('key_registry'), `UPDATE api_keys SET ${assignments} WHERE id = $1`, values);
  return registration.digest;
}

const verify = (digest: string) => wordOf(backbone.bus.ask(verifyKey, { digest }));

describe('the state of a key', () => {
  test('is the same for every combination of facts, in verdicts and in the list', async () => {
    expect(await Promise.all(keys.map(({ digest }) => verify(digest)))).toEqual(keys.map(({ state }) => words[state]));
    const { keys: listed } = await backbone.bus.ask(listKeys, { teamId: 'team_acme' });
    expect(listed.map(({ state }) => state).sort()).toEqual(everything.map(stateOf).sort());
  });

  test('reaches each asker of a batch, whatever the batch holds and however often', async () => {
    const batch = fc.array(fc.nat(keys.length - 1), { minLength: 1, maxLength: 64 });
    await fc.assert(
      fc.asyncProperty(batch, async (picks) => {
        const picked = picks.map((index) => keys[index]!);
        expect(await Promise.all(picked.map(({ digest }) => verify(digest)))).toEqual(
          picked.map(({ state }) => words[state]),
        );
      }),
      { numRuns: 40 },
    );
  });

  test('is overruled by a suspension of its team until it has come to its own end', async () => {
    await backbone.bus.ask(setKeysStanding, { teamId: 'team_acme', standing: 'suspended' });
    expect(await Promise.all(keys.map(({ digest }) => verify(digest)))).toEqual(
      keys.map(({ state }) => wordsOfSuspended[state]),
    );
    await backbone.bus.ask(setKeysStanding, { teamId: 'team_acme', standing: 'active' });
    expect(await Promise.all(keys.map(({ digest }) => verify(digest)))).toEqual(keys.map(({ state }) => words[state]));
  });
});

describe('the schema', () => {
  test('is what the entities say', async () => {
    expect(await schemaDrift(backbone.postgres.urlOf('key_registry'), [KeyEntity, TeamStandingEntity])).toEqual([]);
  });

  test.each([
    ['an id of another form', { id: `'key_1'` }],
    ['a digest that is not 32 bytes', { digest: `'\\x00'` }],
    ['no digest', { digest: 'NULL' }],
    ['an empty name', { name: `''` }],
    ['an empty list of models', { models: `'{}'` }],
    ['an unknown policy', { execution_policy: `'none'` }],
    ['an expiry before its creation', { expires_at: `now() - interval '1 s'` }],
    ['a revocation without a reason', { revoked_at: 'now()' }],
    ['a reason without a revocation', { revocation_reason: `'other'` }],
    ['an unknown reason', { revoked_at: 'now()', revocation_reason: `'bored'` }],
    ['an owner of another form', { owner_id: `'somebody'` }],
    ['an empty list of addresses', { ip_allow_list: `'{}'` }],
    ['budgets that name no window', { budgets: `'{}'` }],
    ['a rate of nothing', { rpm: '0' }],
    ['itself as its successor', { replaced_by: `'key_${'1'.repeat(32)}'`, expires_at: `now() + interval '1 h'` }],
    ['a successor and no end', { replaced_by: `'key_${'2'.repeat(32)}'` }],
    ['a predecessor in the first generation', { replaces: `'key_${'2'.repeat(32)}'` }],
    ['a grace period and no successor', { grace_seconds: '60' }],
  ])('never holds a key with %s', async (_, overrides) => {
    const id = `'key_${'1'.repeat(32)}'`;
    const names = { team_id: `'team_acme'`, name: `'CI'`, hint: `'x'`, digest_kid: `'k1'`, execution_policy: `'any'` };
    const row = { id, lineage_id: id, digest: `sha256('x')`, ...names, ...overrides };
    const insert = `INSERT INTO api_keys (${Object.keys(row).join()}) VALUES (${Object.values(row).join()})`;
    await expect(sql(backbone.postgres.urlOf('key_registry'), insert)).rejects.toMatchObject({
      code: expect.stringMatching(/^235(02|14)$/),
    });
  });
});
