import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import {
  disableKey,
  enableKey,
  extendKey,
  getKey,
  keysChanged,
  registerKey,
  revokeKey,
  rotateKey,
  settleKeys,
  updateKey,
  verifyKey,
} from '@orgn/contracts';
import { eventually, startBackbone, type Backbone, type TestService } from '@orgn/testing';
import { migrations } from '../migrations/index.ts';
import { keyRegistryService } from '../service.ts';
import { KeyUsesRepository } from './key-uses.repository.ts';
import {
  inHours,
  makeDigest,
  makeKey,
  makePeppers,
  makeRegistration,
  makeUserId,
  sql,
  wordOf,
  type Registration,
} from './make.ts';

const DAY = 24 * 3600;
const teamId = 'team_acme';

let backbone: Backbone;
let registries: TestService[];

beforeAll(async () => {
  backbone = await startBackbone([{ name: 'key_registry', migrations }]);
  const parts = { schema: 'key_registry', more: { KEY_PEPPERS: makePeppers('test') } };
  const start = (instance: string) => backbone.start(keyRegistryService, { instance, ...parts });
  registries = [await start('key-registry-1'), await start('key-registry-2')];
});

afterAll(() => backbone.stop());

const register = (overrides: Partial<Registration> = {}) => makeKey(backbone.bus, overrides);
const verify = ({ digest }: { digest: string }) => backbone.bus.ask(verifyKey, { digest });
const get = (id: string) => backbone.bus.ask(getKey, { teamId, id });
const query = <R>(text: string, values: unknown[]) => sql<R>(backbone.postgres.urlOf('key_registry'), text, values);

async function rotate(id: string, graceSeconds: number, activate: 'now' | 'first_use', digest = makeDigest()) {
  const settings = { hint: 'sk-ollm-…wxyz', createdBy: makeUserId(), graceSeconds, activate };
  const reply = await backbone.bus.ask(rotateKey, { teamId, id, digest, ...settings });
  return { ...reply.key, digest, createdBy: settings.createdBy, reply };
}

/** How long a key is still accepted, in seconds by the clock of the database. */
async function secondsLeft(id: string): Promise<number> {
  const text = 'SELECT extract(epoch FROM expires_at - now())::float AS left FROM api_keys WHERE id = $1';
  const [row] = await query<{ left: number }>(text, [id]);
  return row?.left ?? Infinity;
}

describe('keys.rotate', () => {
  test('puts a key in another’s place with its name, lineage, expiry, owner and restrictions', async () => {
    const limits = {
      models: ['near_qwen3_30b'],
      executionPolicy: 'tee_only' as const,
      ipAllowList: ['10.0.0.0/8'],
      budgets: { total: '25.00' },
      rpm: 60,
      tpm: 5_000,
      softBudgets: ['total' as const],
      concurrency: 4,
    };
    const old = await register({ ...limits, expiresAt: inHours(100), createdBy: makeUserId() });
    const { digest, reply, ...key } = await rotate(old.id, 60, 'now');
    expect(reply.key).toEqual({
      ...{ teamId, name: old.name, ...limits, expiresAt: old.expiresAt, ownerId: old.ownerId, lineageId: old.id },
      ...{ id: key.id, hint: 'sk-ollm-…wxyz', createdBy: key.createdBy, replaces: old.id, replacedBy: null },
      ...{ state: 'active', lastUsedAt: null, revokedAt: null, revocationReason: null, isAwaitingSuccessor: false },
      ...{ lastUsedWith: null, lastUsedFrom: null },
      createdAt: expect.any(String),
    });
    const { digest: _, ...before } = old;
    const after = { ...before, state: 'rotating', replacedBy: key.id, expiresAt: expect.any(String) };
    expect(reply.replaced).toEqual({ before, after });
    const { keyId, ...granted } = await verify({ digest });
    const { keyId: oldId, ...grantedBefore } = await verify(old);
    expect([keyId, oldId]).toEqual([key.id, old.id]);
    expect(granted).toEqual(grantedBefore);
    expect(granted).toMatchObject({ lineageId: old.id, models: limits.models, ipAllowList: limits.ipAllowList });
    const third = await rotate(key.id, 60, 'now');
    expect(third).toMatchObject({ name: old.name, lineageId: old.id, replaces: key.id });
  });

  test('from now on: the old key lives for the grace period, and not later than it would have', async () => {
    const [long, short] = [await register(), await register({ expiresAt: inHours(1) })];
    await rotate(long.id, DAY, 'now');
    await rotate(short.id, DAY, 'now');
    expect(Math.abs((await secondsLeft(long.id)) - DAY)).toBeLessThan(10);
    expect(await get(short.id)).toMatchObject({ state: 'rotating', expiresAt: short.expiresAt });
  });

  test('without grace the old key is refused at once', async () => {
    const old = await register();
    const key = await rotate(old.id, 0, 'now');
    expect(await wordOf(verify(old))).toBe('key_expired');
    expect(key.reply.replaced.after).toMatchObject({ state: 'expired', replacedBy: key.id });
    expect(await wordOf(verify(key))).toBe('ok');
  });

  test.each([
    ['disabled', (id: string) => backbone.bus.ask(disableKey, { teamId, id })],
    ['suspended', (id: string) => query('UPDATE api_keys SET suspended_at = now() WHERE id = $1', [id])],
    ['replaced', (id: string) => rotate(id, DAY, 'first_use')],
    ['revoked', (id: string) => backbone.bus.ask(revokeKey, { key: { id }, reason: 'other', isConfirmed: true })],
    ['expired', (id: string) => rotate(id, 0, 'now')],
  ])('refuses a key that is %s and says so', async (word, end) => {
    const { id } = await register();
    await end(id);
    const refusal = { code: 'request_conflict', message: expect.stringContaining(word) };
    await expect(rotate(id, DAY, 'now')).rejects.toMatchObject(refusal);
  });

  test('leaves budgets and rates with the lineage: an edit of one key is an edit of all that have not ended', async () => {
    const old = await register({ budgets: { total: '25.00' }, rpm: 60, tpm: 5_000 });
    const next = await rotate(old.id, 60, 'now');
    const changes = { budgets: { day: '1.00' }, tpm: null };
    const ask = backbone.bus.ask(updateKey, { teamId, id: old.id, changes });
    expect((await ask).after).toMatchObject({ ...changes, rpm: 60, name: old.name });
    const key = await backbone.bus.ask(getKey, { teamId, id: next.id });
    expect(key).toMatchObject({ ...changes, rpm: 60, state: 'active' });
  });

  test('refuses a secret that is registered already, and leaves the old key as it was', async () => {
    const { digest, ...old } = await register();
    await expect(rotate(old.id, 0, 'now', digest)).rejects.toMatchObject({ code: 'request_conflict', param: 'digest' });
    expect(await get(old.id)).toEqual(old);
  });

  test('replaces a key once, however many ask for it at two replicas at the same time', async () => {
    const { id } = await register();
    const words = await Promise.all(Array.from({ length: 10 }, () => wordOf(rotate(id, DAY, 'now'))));
    expect(words.filter((word) => word === 'ok')).toHaveLength(1);
    expect(words.filter((word) => word === 'request_conflict')).toHaveLength(9);
  });

  test('lets the new key keep the name, which no other key gets', async () => {
    const old = await register({ name: 'deploy' });
    const key = await rotate(old.id, DAY, 'now');
    const taken = { code: 'request_conflict', param: 'name' };
    await expect(register({ name: 'DEPLOY' })).rejects.toMatchObject(taken);
    await backbone.bus.ask(revokeKey, { key: { id: key.id }, reason: 'other', isConfirmed: true });
    expect(await register({ name: 'deploy' })).toMatchObject({ state: 'active' });
    expect(await wordOf(verify(old))).toBe('ok');
  });
});

describe('a rotation that waits for the first use', () => {
  test('starts the grace period with it, before the new key is accepted, and tells gateways', async () => {
    const old = await register();
    const key = await rotate(old.id, 3_600, 'first_use');
    expect(Math.abs((await secondsLeft(old.id)) - (30 * DAY + 3_600))).toBeLessThan(10);
    expect(await get(old.id)).toMatchObject({ state: 'rotating' });
    const told = new Promise<string[]>((resolve) => backbone.bus.listen(keysChanged, ({ keyIds }) => resolve(keyIds)));
    await backbone.bus.connection.flush();
    await verify(key);
    expect(Math.abs((await secondsLeft(old.id)) - 3_600)).toBeLessThan(10);
    expect(await told).toEqual([old.id]);
    const { expiresAt } = await get(old.id);
    await pause(20);
    await verify(key);
    expect(await get(old.id)).toMatchObject({ expiresAt, state: 'rotating' });
  });

  test('without grace ends the old key with it', async () => {
    const old = await register();
    const key = await rotate(old.id, 0, 'first_use');
    expect(await wordOf(verify(old))).toBe('ok');
    await verify(key);
    expect(await wordOf(verify(old))).toBe('key_expired');
  });

  test('is not ended by uses of the old key, nor by refused ones of the new', async () => {
    const old = await register();
    const key = await rotate(old.id, 0, 'first_use');
    await backbone.bus.ask(disableKey, { teamId, id: key.id });
    await Promise.all([wordOf(verify(key)), verify(old), verify(old)]);
    expect(await wordOf(verify(old))).toBe('ok');
    await backbone.bus.ask(enableKey, { teamId, id: key.id, adoptBy: null });
    await verify(key);
    expect(await wordOf(verify(old))).toBe('key_expired');
  });

  test('is ended by a later key of the lineage when the one between was never used', async () => {
    const first = await register();
    const second = await rotate(first.id, 0, 'first_use');
    const third = await rotate(second.id, 0, 'first_use');
    await verify(third);
    const words = [await wordOf(verify(first)), await wordOf(verify(second)), await wordOf(verify(third))];
    expect(words).toEqual(['key_expired', 'key_expired', 'ok']);
  });

  test('does not let the new key in while that cannot be written', async () => {
    const old = await register();
    const key = await rotate(old.id, 0, 'first_use');
    const broken = registries.map(({ app }) =>
      jest.spyOn(app.get(KeyUsesRepository), 'startGrace').mockRejectedValue(new Error('disk full')),
    );
    await expect(verify(key)).rejects.toMatchObject({ code: 'internal' });
    for (const spy of broken) spy.mockRestore();
    expect(await wordOf(verify(old))).toBe('ok');
    expect(await wordOf(verify(key))).toBe('ok');
    expect(await wordOf(verify(old))).toBe('key_expired');
  });
});

describe('a replaced key', () => {
  test('may end sooner by an edit, not later', async () => {
    const old = await register();
    await rotate(old.id, DAY, 'now');
    const edit = (expiresAt: string | null) =>
      backbone.bus.ask(updateKey, { teamId, id: old.id, changes: { expiresAt } });
    for (const later of [null, inHours(25)])
      await expect(edit(later)).rejects.toMatchObject({ code: 'request_conflict', param: 'expiresAt' });
    const sooner = inHours(1);
    expect((await edit(sooner)).after).toMatchObject({ state: 'rotating', expiresAt: sooner });
  });

  test('stays as it is when its successor is revoked as leaked, and the other way round', async () => {
    const [one, other] = [await register(), await register()];
    const heirs = [await rotate(one.id, DAY, 'now'), await rotate(other.id, DAY, 'now')];
    const revoke = (id: string) => backbone.bus.ask(revokeKey, { key: { id }, reason: 'leaked', isConfirmed: true });
    await Promise.all([revoke(heirs[0]!.id), revoke(other.id)]);
    const words = await Promise.all([one, heirs[0]!, other, heirs[1]!].map((key) => wordOf(verify(key))));
    expect(words).toEqual(['ok', 'key_revoked', 'key_revoked', 'ok']);
  });

  test('goes with its owner like every other key', async () => {
    const ownerId = makeUserId();
    const old = await register({ createdBy: ownerId });
    const key = await rotate(old.id, DAY, 'now');
    await backbone.bus.ask(settleKeys, { teamId, ownerId, choice: 'suspend', adoptBy: null });
    const words = await Promise.all([old, key].map((each) => wordOf(verify(each))));
    expect(words).toEqual(['key_owner_removed', 'key_owner_removed']);
  });
});

test('callers who switch within the grace period see not one refusal under load, and the old secret ends after it', async () => {
  const figures = { asked: 0, refused: 0, rotations: 0 };
  const switchUnderLoad = async (activate: 'now' | 'first_use') => {
    const registration = makeRegistration();
    let current: { digest: string } = registration;
    const { id } = await backbone.bus.ask(registerKey, registration);
    const load = { isOver: false };
    const caller = async () => {
      while (!load.isOver) {
        figures.asked += 1;
        if ((await wordOf(verify(current))) !== 'ok') figures.refused += 1;
      }
    };
    const callers = Array.from({ length: 4 }, caller);
    await pause(50);
    const key = await rotate(id, 3, activate);
    figures.rotations += 1;
    // In time: one second of the three is over when the callers switch, one after another with what they ask next.
    await pause(1_000);
    current = key;
    await eventually(async () => expect(await wordOf(verify(registration))).toBe('key_expired'));
    load.isOver = true;
    await Promise.all(callers);
  };
  await Promise.all(Array.from({ length: 8 }, (_, index) => switchUnderLoad(index % 2 === 0 ? 'now' : 'first_use')));
  process.stdout.write(`rotation under load: ${JSON.stringify(figures)}\n`);
  expect(figures).toMatchObject({ refused: 0, rotations: 8 });
  expect(figures.asked).toBeGreaterThan(500);
});

describe('more time for a replaced key', () => {
  const extend = (id: string, graceSeconds: number) => backbone.bus.ask(extendKey, { teamId, id, graceSeconds });

  test('is counted from now, and never takes any away', async () => {
    const old = await register();
    await rotate(old.id, 60, 'now');
    expect(await extend(old.id, 7_200)).toMatchObject({ before: { id: old.id }, after: { state: 'rotating' } });
    expect(await secondsLeft(old.id)).toBeCloseTo(7_200, -2);
    await extend(old.id, 60);
    expect(await secondsLeft(old.id)).toBeCloseTo(7_200, -2);
  });

  test('counts from the first use of the successor where that is awaited', async () => {
    const old = await register();
    const next = await rotate(old.id, 60, 'first_use');
    expect((await extend(old.id, 7_200)).after).toMatchObject({ isAwaitingSuccessor: true });
    await verify(next);
    expect(await secondsLeft(old.id)).toBeCloseTo(7_200, -2);
    expect(await get(old.id)).toMatchObject({ isAwaitingSuccessor: false });
  });

  test('ends with the successor at the latest', async () => {
    const old = await register({ expiresAt: inHours(1) });
    await rotate(old.id, 60, 'now');
    await extend(old.id, DAY);
    expect(await secondsLeft(old.id)).toBeCloseTo(3_600, -2);
  });

  test('is nothing for a key that was not replaced, or has ended', async () => {
    const old = await register();
    expect(await wordOf(extend(old.id, DAY))).toBe('request_conflict');
    await rotate(old.id, 60, 'now');
    await backbone.bus.ask(revokeKey, { key: { id: old.id }, reason: 'rotated', isConfirmed: true });
    expect(await wordOf(extend(old.id, DAY))).toBe('request_conflict');
    expect(await wordOf(backbone.bus.ask(extendKey, { teamId: 'team_other', id: old.id, graceSeconds: DAY }))).toBe(
      'not_found',
    );
  });
});
