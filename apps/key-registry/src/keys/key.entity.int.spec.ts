import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { listKeys, registerKey, verifyKey, type KeyState } from '@orgn/contracts';
import { schemaDrift, startBackbone, type Backbone } from '@orgn/testing';
import fc from 'fast-check';
import { Client } from 'pg';
import { migrations } from '../migrations/index.ts';
import { keyRegistryService } from '../service.ts';
import { KeyEntity } from './key.entity.ts';
import { makeDigest, makePeppers, makeRegistration } from './make.ts';

interface Facts {
  isRevoked: boolean;
  isDisabled: boolean;
  /** Hours from now, by the clock of the database; null: never. */
  expiresIn: number | null;
}

const everything: Facts[] = [true, false].flatMap((isRevoked) =>
  [true, false].flatMap((isDisabled) => [null, -1, 1].map((expiresIn) => ({ isRevoked, isDisabled, expiresIn }))),
);

/** The rule in words: revoked is final, then time decides, then the switch. */
function stateOf({ isRevoked, isDisabled, expiresIn }: Facts): KeyState {
  if (isRevoked) return 'revoked';
  if (expiresIn !== null && expiresIn < 0) return 'expired';
  return isDisabled ? 'disabled' : 'active';
}

const verdictOf = (state: KeyState | 'unknown') =>
  ({ active: 'ok', unknown: 'invalid_api_key' })[state as string] ?? `key_${state}`;

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

async function registerWith({ isRevoked, isDisabled, expiresIn }: Facts): Promise<string> {
  const registration = makeRegistration();
  const { id } = await backbone.bus.ask(registerKey, registration);
  const client = new Client({ connectionString: backbone.postgres.urlOf('key_registry') });
  await client.connect();
  const assignments = `created_at = now() - interval '1 day', expires_at = now() + $2::float * interval '1 h',
    disabled_at = CASE WHEN $3 THEN now() END, revoked_at = CASE WHEN $4 THEN now() END,
    revocation_reason = CASE WHEN $4 THEN 'other' END`;
  await client
    .query(`UPDATE api_keys SET ${assignments} WHERE id = $1`, [id, expiresIn, isDisabled, isRevoked])
    .finally(() => client.end());
  return registration.digest;
}

const verify = (digest: string) =>
  backbone.bus.ask(verifyKey, { digest }).then(
    () => 'ok',
    (error: unknown) => (error as { code: string }).code,
  );

describe('the state of a key', () => {
  test('is the same for every combination of facts, in verdicts and in the list', async () => {
    expect(await Promise.all(keys.map(({ digest }) => verify(digest)))).toEqual(
      keys.map(({ state }) => verdictOf(state)),
    );
    const { keys: listed } = await backbone.bus.ask(listKeys, { teamId: 'team_acme' });
    expect(listed.map(({ state }) => state).sort()).toEqual(everything.map(stateOf).sort());
  });

  test('reaches each asker of a batch, whatever the batch holds and however often', async () => {
    const batch = fc.array(fc.nat(keys.length - 1), { minLength: 1, maxLength: 64 });
    await fc.assert(
      fc.asyncProperty(batch, async (picks) => {
        const picked = picks.map((index) => keys[index]!);
        expect(await Promise.all(picked.map(({ digest }) => verify(digest)))).toEqual(
          picked.map(({ state }) => verdictOf(state)),
        );
      }),
      { numRuns: 40 },
    );
  });
});

describe('the table api_keys', () => {
  test('is what the entity says', async () => {
    expect(await schemaDrift(backbone.postgres.urlOf('key_registry'), [KeyEntity])).toEqual([]);
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
  ])('never holds a key with %s', async (_, overrides) => {
    const id = `'key_${'1'.repeat(32)}'`;
    const names = { team_id: `'team_acme'`, name: `'CI'`, hint: `'x'`, digest_kid: `'k1'`, execution_policy: `'any'` };
    const row = { id, lineage_id: id, digest: `sha256('x')`, ...names, ...overrides };
    const client = new Client({ connectionString: backbone.postgres.urlOf('key_registry') });
    await client.connect();
    const insert = client.query(
      `INSERT INTO api_keys (${Object.keys(row).join()}) VALUES (${Object.values(row).join()})`,
    );
    await expect(insert.finally(() => client.end())).rejects.toMatchObject({
      code: expect.stringMatching(/^235(02|14)$/),
    });
  });
});
