import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { listKeys, registerKey, verifyKey, type KeyState } from '@orgn/contracts';
import { startBackbone, type Backbone } from '@orgn/testing';
import fc from 'fast-check';
import { Client } from 'pg';
import { migrations } from '../migrations/index.ts';
import { keyRegistryService } from '../service.ts';
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

const verdictOf = (state: KeyState | 'unknown') => ({ active: 'ok', unknown: 'invalid_api_key' })[state as string] ?? `key_${state}`;

let backbone: Backbone;
let keys: { digest: string; state: KeyState | 'unknown' }[];

beforeAll(async () => {
  backbone = await startBackbone([{ name: 'key_registry', migrations }]);
  const more = { KEY_PEPPERS: makePeppers('test', 'older') };
  await backbone.start(keyRegistryService, { instance: 'key-registry-1', schema: 'key_registry', more });
  const known = await Promise.all(everything.map(async (facts) => ({ digest: await registerWith(facts), state: stateOf(facts) })));
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
    (error: { code: string }) => error.code,
  );

describe('the state of a key', () => {
  test('is the same for every combination of facts, in verdicts and in the list', async () => {
    expect(await Promise.all(keys.map(({ digest }) => verify(digest)))).toEqual(keys.map(({ state }) => verdictOf(state)));
    const { keys: listed } = await backbone.bus.ask(listKeys, { teamId: 'team_acme' });
    expect(listed.map(({ state }) => state).sort()).toEqual(everything.map(stateOf).sort());
  });

  test('reaches each asker of a batch, whatever the batch holds and however often', async () => {
    const batch = fc.array(fc.nat(keys.length - 1), { minLength: 1, maxLength: 64 });
    await fc.assert(
      fc.asyncProperty(batch, async (picks) => {
        const picked = picks.map((index) => keys[index]!);
        expect(await Promise.all(picked.map(({ digest }) => verify(digest)))).toEqual(picked.map(({ state }) => verdictOf(state)));
      }),
      { numRuns: 40 },
    );
  });
});
