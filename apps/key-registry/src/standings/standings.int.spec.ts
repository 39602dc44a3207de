import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  keysChanged,
  listKeys,
  revokeKey,
  rotateKey,
  setKeysStanding,
  verifyKey,
  type TeamStanding,
} from '@orgn/contracts';
import { startBackbone, type Backbone } from '@orgn/testing';
import { makeDigest, makeKey, makePeppers, wordOf } from '../keys/make.ts';
import { migrations } from '../migrations/index.ts';
import { keyRegistryService } from '../service.ts';

let backbone: Backbone;
let teams = 0;

beforeAll(async () => {
  backbone = await startBackbone([{ name: 'key_registry', migrations }]);
  const parts = { schema: 'key_registry', more: { KEY_PEPPERS: makePeppers('test') } };
  for (const index of [1, 2]) await backbone.start(keyRegistryService, { instance: `key-registry-${index}`, ...parts });
});

afterAll(() => backbone.stop());

const newTeam = () => `team_${(teams += 1).toString().padStart(3, '0')}`;
const register = (teamId: string) => makeKey(backbone.bus, { teamId });
const verify = ({ digest }: { digest: string }) => wordOf(backbone.bus.ask(verifyKey, { digest }));
const stand = (teamId: string, standing: TeamStanding) => backbone.bus.ask(setKeysStanding, { teamId, standing });

describe('a suspended team', () => {
  test('has no accepted key, old or new, until it is active again', async () => {
    const teamId = newTeam();
    const [key, foreign] = [await register(teamId), await register(newTeam())];
    expect(await stand(teamId, 'suspended')).toEqual({ revoked: 0 });
    const made = await register(teamId);
    expect(await Promise.all([key, made, foreign].map(verify))).toEqual(['team_suspended', 'team_suspended', 'ok']);
    expect(await stand(teamId, 'suspended')).toEqual({ revoked: 0 });
    await stand(teamId, 'active');
    expect(await Promise.all([key, made].map(verify))).toEqual(['ok', 'ok']);
  });

  test('is made known to gateways', async () => {
    const teamId = newTeam();
    const told = new Promise((resolve) => backbone.bus.listen(keysChanged, resolve));
    await backbone.bus.connection.flush();
    await stand(teamId, 'suspended');
    expect(await told).toEqual({ keyIds: [], teamIds: [teamId] });
  });
});

describe('a closed team', () => {
  test('loses its keys for good, stays closed and gets no new key', async () => {
    const teamId = newTeam();
    const keys = [await register(teamId), await register(teamId), await register(teamId)];
    await backbone.bus.ask(revokeKey, { key: { id: keys[0]!.id }, reason: 'leaked', isConfirmed: true });
    expect(await stand(teamId, 'closed')).toEqual({ revoked: 2 });
    expect(await stand(teamId, 'closed')).toEqual({ revoked: 0 });
    expect(await Promise.all(keys.map(verify))).toEqual(keys.map(() => 'key_revoked'));
    const { keys: listed } = await backbone.bus.ask(listKeys, { teamId });
    expect(listed.map(({ revocationReason }) => revocationReason).sort()).toEqual(['leaked', 'other', 'other']);
    const settings = { digest: makeDigest(), hint: 'x', createdBy: null, graceSeconds: 60, activate: 'now' as const };
    const refused = [
      stand(teamId, 'active'),
      stand(teamId, 'suspended'),
      register(teamId),
      backbone.bus.ask(rotateKey, { teamId, id: keys[1]!.id, ...settings }),
    ];
    expect(await Promise.all(refused.map(wordOf))).toEqual(refused.map(() => 'request_conflict'));
  });

  test('leaves no key behind that was registered at the same time', async () => {
    const teamId = newTeam();
    const registering = Array.from({ length: 10 }, () => register(teamId));
    const made = Promise.allSettled(registering);
    await stand(teamId, 'closed');
    for (const key of await made) if (key.status === 'fulfilled') expect(await verify(key.value)).toBe('key_revoked');
  });
});
