import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { disableKey, revokeKey, rotateKey, verifyKey, type KeyView } from '@orgn/contracts';
import { startBackbone, type Backbone } from '@orgn/testing';
import { migrations } from '../migrations/index.ts';
import { keyRegistryService } from '../service.ts';
import { inHours, makeDigest, makeKey, makePeppers, sql, wordOf, type Registration } from './make.ts';

const NOBODYS_KEY = `key_${'0'.repeat(32)}`;

let backbone: Backbone;
let teams = 0;

beforeAll(async () => {
  backbone = await startBackbone([{ name: 'key_registry', migrations }]);
  const parts = { schema: 'key_registry', more: { KEY_PEPPERS: makePeppers('test', 'older') } };
  for (const index of [1, 2]) await backbone.start(keyRegistryService, { instance: `key-registry-${index}`, ...parts });
});

afterAll(() => backbone.stop());

const register = (overrides: Partial<Registration> = {}) => makeKey(backbone.bus, overrides);
const newTeam = () => `team_${(teams += 1).toString().padStart(3, '0')}`;
const use = ({ digest }: { digest: string }) => backbone.bus.ask(verifyKey, { digest });
const ask = (key: object, isConfirmed: boolean, reason = 'leaked') =>
  backbone.bus.ask(revokeKey, { key, reason, isConfirmed } as never);
const replace = async ({ id, teamId }: KeyView) => {
  const secret = { digest: makeDigest(), hint: 'sk-ollm-…wxyz', createdBy: null };
  return (await backbone.bus.ask(rotateKey, { teamId, id, ...secret, graceSeconds: 3600, activate: 'now' })).key;
};
const revoke = (id: string, reason?: string) => ask({ id }, true, reason);
const revokeCarefully = ({ id, teamId }: KeyView) => ask({ id, teamId }, false);
const set = (assignments: string, id: string) =>
  sql(backbone.postgres.urlOf('key_registry'), `UPDATE api_keys SET ${assignments} WHERE id = $1`, [id]);

describe('keys.revoke', () => {
  test('answers the key before and after, and the first revocation to everyone who comes later', async () => {
    const { digest: _, ...key } = await register();
    const { before, after } = await revoke(key.id, 'leaked');
    expect(before).toEqual(key);
    expect(after).toEqual({ ...key, state: 'revoked', revocationReason: 'leaked', revokedAt: expect.any(String) });
    expect(await revoke(key.id, 'other')).toEqual({ before: after, after });
  });

  test('finds a key by the digest of its secret', async () => {
    const key = await register();
    expect(await ask({ digest: key.digest }, true)).toMatchObject({ after: { id: key.id, state: 'revoked' } });
    await expect(use(key)).rejects.toMatchObject({ code: 'key_revoked' });
  });

  test('ends a key that is expired or disabled as well', async () => {
    const key = await register({ expiresAt: inHours(1) });
    await set(`disabled_at = now(), created_at = now() - interval '2 h', expires_at = now() - interval '1 h'`, key.id);
    expect(await revoke(key.id)).toMatchObject({ before: { state: 'expired' }, after: { state: 'revoked' } });
  });

  test('says so when there is no such key, and of another team’s key the same', async () => {
    const { id } = await register();
    for (const key of [{ id: NOBODYS_KEY }, { id, teamId: 'team_other' }])
      await expect(ask(key, true)).rejects.toMatchObject({ code: 'not_found', param: 'id' });
    await expect(ask({ digest: makeDigest() }, true)).rejects.toMatchObject({ code: 'not_found', param: 'digest' });
  });

  test.each([
    ['key.id', { key: { id: 'key_1' }, reason: 'other', isConfirmed: true }],
    ['reason', { key: { id: NOBODYS_KEY }, reason: 'bored', isConfirmed: true }],
    ['isConfirmed', { key: { id: NOBODYS_KEY }, reason: 'other' }],
  ])('refuses a bad %s', async (param, request) => {
    const refusal = { code: 'invalid_request', param };
    await expect(backbone.bus.ask(revokeKey, request as never)).rejects.toMatchObject(refusal);
  });
});

describe('the only key that callers of a team use', () => {
  test('is revoked only by somebody who confirms it', async () => {
    const key = await register({ teamId: newTeam() });
    await use(key);
    const refusal = { code: 'confirmation_required', message: expect.stringContaining('Update its callers first') };
    await expect(revokeCarefully(key)).rejects.toMatchObject(refusal);
    expect(await use(key)).toMatchObject({ keyId: key.id });
    expect(await revoke(key.id)).toMatchObject({ after: { state: 'revoked' } });
    expect(await revokeCarefully(key)).toMatchObject({ before: { state: 'revoked' } });
  });

  test.each([
    ['it was never used', async () => undefined],
    ['it was last used more than a day ago', ({ id }: KeyView) => set(`last_used_at = now() - interval '25 h'`, id)],
    [
      'it is disabled',
      async (key: KeyView & { digest: string }) => {
        await use(key);
        await backbone.bus.ask(disableKey, { teamId: key.teamId, id: key.id });
      },
    ],
    [
      'another one is accepted',
      async (key: KeyView & { digest: string }) => {
        await use(key);
        await register({ teamId: key.teamId });
      },
    ],
  ])('is nobody’s concern when %s', async (_, prepare) => {
    const key = await register({ teamId: newTeam() });
    await prepare(key);
    expect(await revokeCarefully(key)).toMatchObject({ after: { state: 'revoked' } });
  });

  test('is not helped by a key that is not accepted', async () => {
    const teamId = newTeam();
    const [key, other] = [await register({ teamId }), await register({ teamId })];
    await backbone.bus.ask(disableKey, { teamId, id: other.id });
    await use(key);
    expect(await wordOf(revokeCarefully(key))).toBe('confirmation_required');
  });

  test('is not helped by one that was replaced and is about to end', async () => {
    const key = await register({ teamId: newTeam() });
    await use(key);
    const heir = await replace(key);
    expect(await wordOf(revokeCarefully(heir))).toBe('confirmation_required');
    expect(await wordOf(revokeCarefully(key))).toBe('ok');
    expect(await wordOf(revokeCarefully(heir))).toBe('ok');
  });

  test('survives when all are revoked at the same time without a confirmation', async () => {
    for (let round = 0; round < 5; round += 1) {
      const teamId = newTeam();
      const keys = await Promise.all(Array.from({ length: 4 }, () => register({ teamId })));
      await Promise.all(keys.map(use));
      const words = await Promise.all(keys.map((key) => wordOf(revokeCarefully(key))));
      expect(words.sort()).toEqual(['confirmation_required', 'ok', 'ok', 'ok']);
    }
  });
});
