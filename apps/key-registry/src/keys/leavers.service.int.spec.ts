import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  disableKey,
  enableKey,
  keysChanged,
  getKey,
  revokeKey,
  settleKeys,
  verifyKey,
  type KeysOfLeaver,
} from '@orgn/contracts';
import { startBackbone, type Backbone } from '@orgn/testing';
import { migrations } from '../migrations/index.ts';
import { keyRegistryService } from '../service.ts';
import { inHours, makeKey, makePeppers, makeUserId, sql, wordOf } from './make.ts';

const teamId = 'team_acme';

let backbone: Backbone;

beforeAll(async () => {
  backbone = await startBackbone([{ name: 'key_registry', migrations }]);
  const parts = { instance: 'key-registry-1', schema: 'key_registry', more: { KEY_PEPPERS: makePeppers('test') } };
  await backbone.start(keyRegistryService, parts);
});

afterAll(() => backbone.stop());

const verify = ({ digest }: { digest: string }) => wordOf(backbone.bus.ask(verifyKey, { digest }));
const settle = (ownerId: string, choice: KeysOfLeaver, adoptBy: string | null = null) =>
  backbone.bus.ask(settleKeys, { teamId, ownerId, choice, adoptBy });
const viewsOf = (...keys: { id: string }[]) =>
  Promise.all(keys.map(({ id }) => backbone.bus.ask(getKey, { teamId, id })));

/** Someone with an active, a disabled, a revoked and an expired key; and two keys that are none of theirs. */
async function makeLeaver() {
  const ownerId = makeUserId();
  const register = (of = ownerId, ofTeam = teamId) =>
    makeKey(backbone.bus, { createdBy: of, teamId: ofTeam, expiresAt: inHours(1) });
  const [active, disabled, revoked, expired] = [await register(), await register(), await register(), await register()];
  await backbone.bus.ask(disableKey, { teamId, id: disabled.id });
  await backbone.bus.ask(revokeKey, { key: { id: revoked.id }, reason: 'leaked', isConfirmed: true });
  const past = `UPDATE api_keys SET created_at = now() - interval '2 h', expires_at = now() - interval '1 h' WHERE id = $1`;
  await sql(backbone.postgres.urlOf('key_registry'), past, [expired.id]);
  return { ownerId, active, disabled, others: [await register(makeUserId()), await register(ownerId, 'team_other')] };
}

describe('keys.settle', () => {
  test('adopts: every key that has not ended becomes somebody else’s and goes on as it was', async () => {
    const { ownerId, active, disabled, others } = await makeLeaver();
    const heir = makeUserId();
    const before = await viewsOf(active, disabled);
    const { settled } = await settle(ownerId, 'adopt', heir);
    expect(settled).toEqual([active, disabled].map(({ id }) => id).sort());
    expect(await viewsOf(active, disabled)).toEqual(before.map((view) => ({ ...view, ownerId: heir })));
    expect(await Promise.all([active, disabled, ...others].map(verify))).toEqual(['ok', 'key_disabled', 'ok', 'ok']);
    expect(await settle(ownerId, 'adopt', heir)).toEqual({ settled: [] });
  });

  test('suspends: they are refused until somebody adopts them, and their owner stays on record', async () => {
    const { ownerId, active, disabled, others } = await makeLeaver();
    await settle(ownerId, 'suspend');
    expect(await viewsOf(active, disabled)).toMatchObject(Array(2).fill({ state: 'suspended', ownerId }));
    const words = await Promise.all([active, disabled, ...others].map(verify));
    expect(words).toEqual(['key_owner_removed', 'key_owner_removed', 'ok', 'ok']);
    expect(await settle(ownerId, 'suspend')).toEqual({ settled: [] });
    const adoptBy = makeUserId();
    for (const { id } of [active, disabled])
      expect(await backbone.bus.ask(enableKey, { teamId, id, adoptBy })).toMatchObject({
        before: { state: 'suspended', ownerId },
        after: { state: 'active', ownerId: adoptBy },
      });
    expect(await Promise.all([active, disabled].map(verify))).toEqual(['ok', 'ok']);
  });

  test('adopts keys that were suspended before', async () => {
    const { ownerId, active } = await makeLeaver();
    await settle(ownerId, 'suspend');
    const heir = makeUserId();
    await settle(ownerId, 'adopt', heir);
    expect(await viewsOf(active)).toMatchObject([{ state: 'active', ownerId: heir }]);
  });

  test('revokes: they end for good, and gateways are told', async () => {
    const { ownerId, active, disabled, others } = await makeLeaver();
    const told = new Promise<string[]>((resolve) => backbone.bus.listen(keysChanged, ({ keyIds }) => resolve(keyIds)));
    await backbone.bus.connection.flush();
    await settle(ownerId, 'revoke');
    const ended = { state: 'revoked', revocationReason: 'other' };
    expect(await viewsOf(active, disabled)).toMatchObject(Array(2).fill(ended));
    const words = await Promise.all([active, disabled, ...others].map(verify));
    expect(words).toEqual(['key_revoked', 'key_revoked', 'ok', 'ok']);
    expect((await told).sort()).toEqual([active.id, disabled.id].sort());
  });

  test('of somebody without keys changes nothing', async () => {
    expect(await settle(makeUserId(), 'revoke')).toEqual({ settled: [] });
  });
});
