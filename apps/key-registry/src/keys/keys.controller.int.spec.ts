import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  disableKey,
  enableKey,
  findKeys,
  getKey,
  listKeys,
  registerKey,
  revokeKey,
  updateKey,
  verifyKey,
  type KeyView,
  type RequestOf,
} from '@orgn/contracts';
import { startBackbone, type Backbone } from '@orgn/testing';
import { migrations } from '../migrations/index.ts';
import { keyRegistryService } from '../service.ts';
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

const NOBODYS_KEY = `key_${'0'.repeat(32)}`;
const teamId = 'team_acme';

let backbone: Backbone;

beforeAll(async () => {
  backbone = await startBackbone([{ name: 'key_registry', migrations }]);
  const start = (index: number) => ({
    ...{ instance: `key-registry-${index}`, schema: 'key_registry', more: { KEY_PEPPERS: makePeppers('test') } },
  });
  for (const index of [1, 2]) await backbone.start(keyRegistryService, start(index));
});

afterAll(() => backbone.stop());

const register = (overrides: Partial<Registration> = {}) => makeKey(backbone.bus, overrides);
const verify = (digest: string) => backbone.bus.ask(verifyKey, { digest });
const list = async (ofTeam: string) => (await backbone.bus.ask(listKeys, { teamId: ofTeam })).keys;
const get = (id: string, ofTeam: string = teamId) => backbone.bus.ask(getKey, { teamId: ofTeam, id });
const revoke = (id: string) => backbone.bus.ask(revokeKey, { key: { id }, reason: 'other', isConfirmed: true });
const disable = (id: string, ofTeam: string = teamId) => backbone.bus.ask(disableKey, { teamId: ofTeam, id });
const enable = (id: string, adoptBy: string | null = null) => backbone.bus.ask(enableKey, { teamId, id, adoptBy });
const update = (id: string, changes: RequestOf<typeof updateKey>['changes'], ofTeam: string = teamId) =>
  backbone.bus.ask(updateKey, { teamId: ofTeam, id, changes });
const set = (assignments: string, id: string) =>
  sql(backbone.postgres.urlOf('key_registry'), `UPDATE api_keys SET ${assignments} WHERE id = $1`, [id]);
const expire = (id: string) => set(`created_at = now() - interval '2 h', expires_at = now() - interval '1 ms'`, id);

describe('keys.register', () => {
  test('answers the key as its owners see it', async () => {
    const expiresAt = inHours(24);
    const limits = {
      models: ['near_qwen3_30b'],
      executionPolicy: 'tee_only' as const,
      ipAllowList: ['10.0.0.0/8'],
      budgets: { total: '25.00', day: '999999999.999999999' },
      rpm: 60,
      tpm: 1_000_000_000,
      softBudgets: ['day' as const],
      concurrency: 1_000_000,
    };
    const createdBy = makeUserId();
    const { digest: _, ...key } = await register({ name: '  CI  ', expiresAt, createdBy, ...limits });
    expect(key).toEqual({
      id: expect.stringMatching(/^key_[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/),
      ...{ teamId, name: 'CI', hint: 'sk-ollm-…o5p6', ...limits, createdBy, ownerId: createdBy },
      ...{ state: 'active', expiresAt, lastUsedAt: null, revokedAt: null, revocationReason: null },
      ...{ lineageId: key.id, replaces: null, replacedBy: null, isAwaitingSuccessor: false },
      ...{ lastUsedFrom: null, lastUsedWith: null },
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
    expect(await get(key.id)).toEqual(key);
  });

  test.each([
    ['digest', { digest: 'short' }],
    ['teamId', { teamId: 'acme' }],
    ['name', { name: ' ' }],
    ['name', { name: 'line\nbreak' }],
    ['models', { models: [] }],
    ['ipAllowList.0', { ipAllowList: ['10.0.0.300'] }],
    ['budgets', { budgets: {} }],
    ['rpm', { rpm: 0 }],
    ['expiresAt', { expiresAt: 'tomorrow' }],
    ['expiresAt', { expiresAt: inHours(-0.001) }],
    ['expiresAt', { expiresAt: '0001-01-01T00:00:00Z' }],
  ])('refuses a bad %s', async (param, overrides) => {
    await expect(register(overrides)).rejects.toMatchObject({ code: 'invalid_request', param });
  });

  test('refuses a key that is registered already', async () => {
    const { digest } = await register();
    await expect(register({ digest })).rejects.toMatchObject({ code: 'request_conflict', param: 'digest' });
  });

  test('refuses a name that the team uses, in whatever case, until its key has ended', async () => {
    const taken = { code: 'request_conflict', param: 'name' };
    const key = await register({ name: 'Laptop', expiresAt: inHours(1) });
    await register({ name: 'laptop', teamId: 'team_other' });
    await expect(register({ name: 'LAPTOP' })).rejects.toMatchObject(taken);
    await disable(key.id);
    await expect(register({ name: 'laptop' })).rejects.toMatchObject(taken);
    await expire(key.id);
    const second = await register({ name: 'laptop' });
    await revoke(second.id);
    expect(await register({ name: 'laptop' })).toMatchObject({ state: 'active' });
  });

  test('refuses a name that looks like one that the team uses, and keeps the ones that are there', async () => {
    const taken = { code: 'request_conflict', param: 'name' };
    const key = await register({ name: 'ﬁle ①' });
    for (const name of ['file 1', 'ＦＩＬＥ 1', 'ﬁle ①']) await expect(register({ name })).rejects.toMatchObject(taken);
    const other = await register({ name: 'é' });
    await expect(register({ name: 'e\u0301' })).rejects.toMatchObject(taken);
    const rename = update(other.id, { name: 'FILE 1' });
    await expect(rename).rejects.toMatchObject(taken);
    await expect(register({ name: 'in\u202Evisible' })).rejects.toMatchObject({ code: 'invalid_request' });
    await set(`name = 'old\u200Bname'`, key.id);
    expect(await get(key.id)).toMatchObject({ name: 'old\u200Bname' });
    const { after } = await update(key.id, { rpm: 5 });
    expect(after).toMatchObject({ name: 'old\u200Bname', rpm: 5 });
  });

  test('gives one name to one key, however many ask for it at two replicas at the same time', async () => {
    for (let round = 0; round < 5; round += 1) {
      const name = `wanted ${round}`;
      const words = await Promise.all(Array.from({ length: 12 }, () => wordOf(register({ name }))));
      expect(words.sort()).toEqual(['ok', ...Array.from({ length: 11 }, () => 'request_conflict')].sort());
    }
  });
});

describe('keys.list', () => {
  test('shows a team its keys, newest first, with their states', async () => {
    const ofTeam = 'team_list';
    const names = ['active', 'expired', 'disabled', 'suspended', 'revoked'];
    const keys: string[] = [];
    for (const name of names) keys.push((await register({ teamId: ofTeam, name, expiresAt: inHours(3) })).id);
    const [, expired = '', disabled = '', suspended = '', revoked = ''] = keys;
    await set(`expires_at = now(), created_at = created_at - interval '1 us'`, expired);
    await disable(disabled, ofTeam);
    await set('suspended_at = now()', suspended);
    await revoke(revoked);
    const listed = await list(ofTeam);
    expect(listed.map(({ name, state }) => [name, state])).toEqual([...names].reverse().map((name) => [name, name]));
    expect(listed[0]).toMatchObject({ revocationReason: 'other', revokedAt: expect.any(String) });
  });

  test('shows every key once, in pages of any size, also those that were made in the same moment', async () => {
    const ofTeam = 'team_pages';
    const made = await Promise.all(Array.from({ length: 7 }, () => register({ teamId: ofTeam })));
    for (const { id } of made.slice(0, 4)) await set(`created_at = '2026-01-01T00:00:00.000123Z'`, id);
    const expected = (await list(ofTeam)).map(({ id }) => id);
    for (const limit of [1, 3, 7, 8]) {
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page: { keys: KeyView[]; next: string | null } = await backbone.bus.ask(listKeys, {
          teamId: ofTeam,
          cursor,
          limit,
        });
        expect(page.keys.length).toBeLessThanOrEqual(limit);
        seen.push(...page.keys.map(({ id }) => id));
        cursor = page.next;
      } while (cursor !== null);
      expect(seen).toEqual(expected);
    }
  });

  test('never makes a page that the bus cannot carry', async () => {
    const ofTeam = 'team_large';
    const models = Array.from({ length: 256 }, (_, index) => `near_${'m'.repeat(119)}${index}`);
    for (let count = 0; count < 40; count += 1) await register({ teamId: ofTeam, models });
    const first = await backbone.bus.ask(listKeys, { teamId: ofTeam });
    expect(first.next).toBe(first.keys.at(-1)?.id);
    const ids = first.keys.map(({ id }) => id);
    for (let cursor = first.next; cursor !== null;) {
      const page = await backbone.bus.ask(listKeys, { teamId: ofTeam, cursor });
      ids.push(...page.keys.map(({ id }) => id));
      cursor = page.next;
    }
    expect(new Set(ids).size).toBe(40);
  });

  test('shows no other team’s keys, not even behind a cursor of theirs', async () => {
    const { id } = await register();
    expect(await list('team_without_keys')).toEqual([]);
    expect(await backbone.bus.ask(listKeys, { teamId: 'team_without_keys', cursor: id })).toEqual({
      keys: [],
      next: null,
    });
  });

  test('refuses a team id of the wrong form', async () => {
    await expect(list('acme')).rejects.toMatchObject({ code: 'invalid_request', param: 'teamId' });
  });
});

describe('a key of another team', () => {
  test.each([
    ['keys.get', (id: string) => get(id, 'team_other')],
    ['keys.update', (id: string) => update(id, { rpm: 1 }, 'team_other')],
    ['keys.disable', (id: string) => disable(id, 'team_other')],
    ['keys.enable', (id: string) => backbone.bus.ask(enableKey, { teamId: 'team_other', id, adoptBy: null })],
  ])('is to %s what no key at all is', async (_, ask) => {
    const { digest: _digest, ...key } = await register();
    const refusals = await Promise.allSettled([ask(key.id), ask(NOBODYS_KEY)]);
    const [foreign, none] = refusals.map((refusal) => (refusal as PromiseRejectedResult).reason as Error);
    expect(foreign).toMatchObject({ code: 'not_found', param: 'id' });
    expect(foreign).toEqual(none);
    expect(await get(key.id)).toEqual(key);
  });
});

describe('keys.find', () => {
  test('finds keys by the digests of their secrets, ended ones included, and leaves unknown ones out', async () => {
    const [one, other] = [await register(), await register({ teamId: 'team_other' })];
    await revoke(other.id);
    const digests = [makeDigest(), one.digest, other.digest, one.digest];
    const { found } = await backbone.bus.ask(findKeys, { digests });
    const pairs = found.map(({ digest, key }) => [digest, key.id, key.state]);
    const first = [one.digest, one.id, 'active'];
    expect(pairs).toEqual([first, [other.digest, other.id, 'revoked'], first]);
    expect(await backbone.bus.ask(findKeys, { digests: [] })).toEqual({ found: [] });
  });
});

describe('keys.update', () => {
  test('changes what it names and nothing else, and answers the key before and after', async () => {
    const { digest, ...before } = await register({ expiresAt: inHours(1), rpm: 5, budgets: { day: '1' } });
    const changes = { name: 'Renamed', models: ['near_qwen3_30b'], budgets: null, expiresAt: inHours(2) };
    expect(await update(before.id, changes)).toEqual({ before, after: { ...before, ...changes } });
    expect(await verify(digest)).toMatchObject({ models: changes.models });
    expect((await update(before.id, { expiresAt: null })).after).toMatchObject({ expiresAt: null, rpm: 5 });
  });

  test('of nothing changes nothing', async () => {
    const { digest: _, ...key } = await register();
    expect(await update(key.id, {})).toEqual({ before: key, after: key });
  });

  test('refuses an expiry that does not lie ahead by the clock of the database', async () => {
    const { id } = await register();
    const refusal = { code: 'invalid_request', param: 'expiresAt' };
    await expect(update(id, { expiresAt: inHours(-0.001) })).rejects.toMatchObject(refusal);
  });

  test('refuses the name of another key, but not the key’s own in another case', async () => {
    const [one, other] = [await register({ name: 'mine' }), await register()];
    await expect(update(other.id, { name: 'MINE' })).rejects.toMatchObject({ code: 'request_conflict', param: 'name' });
    expect((await update(one.id, { name: 'Mine' })).after).toMatchObject({ name: 'Mine' });
  });

  test.each(['revoked', 'expired'])('refuses a key that is %s, and so do disabling and enabling', async (state) => {
    const { id } = await register({ expiresAt: inHours(1) });
    await (state === 'revoked' ? revoke(id) : expire(id));
    const conflict = { code: 'request_conflict', message: expect.stringContaining(state) };
    for (const ask of [() => update(id, { expiresAt: null }), () => disable(id), () => enable(id)])
      await expect(ask()).rejects.toMatchObject(conflict);
  });
});

describe('a disabled key', () => {
  test('is refused until it is enabled, and both may be repeated', async () => {
    const key = await register();
    expect(await disable(key.id)).toMatchObject({ before: { state: 'active' }, after: { state: 'disabled' } });
    await expect(verify(key.digest)).rejects.toMatchObject({ code: 'key_disabled' });
    const repeated = await disable(key.id);
    expect(repeated.after).toEqual(repeated.before);
    expect(await enable(key.id, makeUserId())).toMatchObject({ after: { state: 'active', ownerId: null } });
    expect(await verify(key.digest)).toMatchObject({ keyId: key.id });
    const again = await enable(key.id);
    expect(again.after).toEqual(again.before);
  });
});

test('no reply and no list holds a digest', async () => {
  const registration = makeRegistration({ teamId: 'team_secret' });
  const replies = [
    await backbone.bus.ask(registerKey, registration),
    await backbone.bus.ask(listKeys, { teamId: 'team_secret' }),
  ];
  expect(JSON.stringify(replies)).not.toContain(registration.digest);
  expect(JSON.stringify(replies)).not.toContain('digest');
});
