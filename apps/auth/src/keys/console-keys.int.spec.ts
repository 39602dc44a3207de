import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isWellFormedKey, verifyKey } from '@orgn/contracts';
import { eventually } from '@orgn/testing';
import { TeamHost, type TestTeam } from '../testing/team-host.ts';
import { toKeyDigest } from './key-secret.ts';

let host: TeamHost;
let team: TestTeam;

beforeAll(async () => {
  host = await TeamHost.start();
  team = await host.team();
});

afterAll(() => host.stop());

const keys = (rest = '') => `/api/teams/${team.id}/keys${rest}`;
const verify = (key: string) => host.auth.backbone.bus.ask(verifyKey, { digest: toKeyDigest(key) });
const lastEntry = async () => (await host.entries(team)).at(-1);

describe('making a key', () => {
  test('shows its secret once, never cached, and works at once', async () => {
    const { status, body, headers } = await host.call(team.member, 'POST', keys(), { name: 'CI' });
    const secret = body.key as string;
    expect([status, headers.get('cache-control')]).toEqual([201, 'no-store']);
    expect(isWellFormedKey(secret)).toBe(true);
    const owner = { id: team.member.userId };
    expect(body).toMatchObject({ name: 'CI', state: 'active', owner, createdBy: owner, executionPolicy: 'any' });
    await expect(verify(secret)).resolves.toMatchObject({ keyId: body.id, teamId: team.id });
    const again = await host.call(team.viewer, 'GET', keys(`/${body.id as string}`));
    expect(again.body).toMatchObject({ id: body.id, hint: `sk-ollm-…${secret.slice(-4)}` });
    expect(JSON.stringify(again.body)).not.toContain(secret.slice(8, 33));
    const { rows } = await host.auth.database.query<{ xml: string }>(
      `SELECT schema_to_xml('auth', true, true, '')::text AS xml`,
    );
    expect(rows[0]?.xml).not.toContain(secret.slice(8, 33));
    expect(rows[0]?.xml).not.toContain(toKeyDigest(secret));
  });

  test('keeps every restriction; budgets may be numbers and stay exact', async () => {
    const settings = {
      expiresAt: '2999-01-01T00:00:00Z',
      models: ['near_qwen3_30b'],
      executionPolicy: 'tee_only',
      ipAllowList: ['10.0.0.0/8', '2001:db8::1'],
      rpm: 60,
      tpm: 100_000,
    };
    const budgets = { total: 0.1, day: '5.00', month: 1e-7 };
    const { body } = await host.call(team.owner, 'POST', keys(), { name: 'limited', ...settings, budgets });
    expect(body).toMatchObject({ ...settings, expiresAt: expect.stringMatching(/^2999-01-01T00:00:00/) });
    expect(body.budgets).toEqual({ total: '0.1', day: '5.00', month: '0.0000001' });
  });

  test.each([
    ['name', { name: '' }],
    ['name', {}],
    ['expiresAt', { name: 'a', expiresAt: '2001-01-01T00:00:00Z' }],
    ['models', { name: 'a', models: [] }],
    ['ipAllowList[0]', { name: 'a', ipAllowList: ['10.0.0.0/99'] }],
    ['budgets', { name: 'a', budgets: {} }],
    ['budgets.total', { name: 'a', budgets: { total: 1e-10 } }],
    ['budgets.total', { name: 'a', budgets: { total: -1 } }],
    ['rpm', { name: 'a', rpm: 0 }],
    ['owner', { name: 'a', owner: 'me' }],
  ])('names the field at fault: %s', async (path, body) => {
    const answer = await host.call(team.owner, 'POST', keys(), body);
    expect(answer.status).toBe(400);
    expect((answer.body.errors as { path: string }[])[0]?.path).toBe(path);
  });

  test('refuses a name that an active key of the team has', async () => {
    await host.key(team, team.owner, { name: 'taken' });
    const { status, body } = await host.call(team.admin, 'POST', keys(), { name: 'taken' });
    expect([status, body.code]).toEqual([409, 'request_conflict']);
  });

  test('follows the team’s settings: the default policy, and whether members make keys', async () => {
    const settings = { membersMayCreateKeys: false, defaultExecutionPolicy: 'tee_only' };
    await host.call(team.owner, 'PATCH', `/api/teams/${team.id}`, { settings });
    expect(await host.call(team.member, 'POST', keys(), { name: 'no' })).toMatchObject({ status: 403 });
    const seen = await host.call(team.member, 'GET', `/api/teams/${team.id}`);
    expect(seen.body.permissions).not.toContain('keys.create');
    const { body } = await host.call(team.admin, 'POST', keys(), { name: 'default policy' });
    expect(body.executionPolicy).toBe('tee_only');
    const usual = { membersMayCreateKeys: true, defaultExecutionPolicy: 'any' };
    await host.call(team.owner, 'PATCH', `/api/teams/${team.id}`, { settings: usual });
  });

  test('leaves no key behind that nobody was shown, when it cannot be written down', async () => {
    const refused = await host.withoutAudit(() => host.call(team.owner, 'POST', keys(), { name: 'unwritten' }));
    expect([refused.status, refused.body.code]).toEqual([503, 'service_unavailable']);
    const { body } = await host.call(team.owner, 'GET', keys());
    expect(body.data.find(({ name }) => name === 'unwritten')).toMatchObject({ state: 'revoked' });
    await expect(host.key(team, team.owner, { name: 'unwritten' })).resolves.toBeDefined();
  });
});

describe('a list of keys', () => {
  test('pages through all of them, newest first, and ends', async () => {
    const all = (await host.call(team.viewer, 'GET', keys('?limit=100'))).body.data.map(({ id }) => id);
    const paged: unknown[] = [];
    let cursor = '';
    do {
      const { body } = await host.call(team.viewer, 'GET', keys(`?limit=2${cursor && `&cursor=${cursor}`}`));
      paged.push(...body.data.map(({ id }) => id));
      cursor = (body.nextCursor ?? '') as string;
    } while (cursor);
    expect(paged).toEqual(all);
    expect(all.length).toBeGreaterThan(3);
  });
});

describe('rotating a key', () => {
  test('answers a new secret beside the old one, which stays good until the grace is over', async () => {
    const old = await host.key(team);
    const { status, body } = await host.call(team.owner, 'POST', keys(`/${old.id}/rotate`), { activate: 'now' });
    expect(status).toBe(201);
    expect(body).toMatchObject({ replaces: old.id, replaced: { id: old.id, state: 'rotating', replacedBy: body.id } });
    await expect(verify(old.key)).resolves.toMatchObject({ keyId: old.id });
    await expect(verify(body.key as string)).resolves.toMatchObject({ keyId: body.id, lineageId: old.id });
    expect(await lastEntry()).toMatchObject({
      action: 'key.rotated',
      object_id: old.id,
      after: { replacedBy: body.id },
    });
    expect(JSON.stringify(await lastEntry())).not.toContain((body.key as string).slice(8, 33));
  });
});

describe('changing a key', () => {
  const change = (id: string, body: object) => host.call(team.owner, 'PATCH', keys(`/${id}`), body);

  test('writes what changed and only that; saying the same again changes and writes nothing', async () => {
    const { id } = await host.key(team, team.owner, { rpm: 10, budgets: { day: '1.50' } });
    const changes = { name: `renamed ${id}`, rpm: 5, models: ['near_qwen3_30b'], budgets: { day: '1.50' } };
    expect(await change(id, changes)).toMatchObject({ status: 200, body: changes });
    expect(await lastEntry()).toMatchObject({ action: 'key.updated', object_id: id });
    const { before, after } = (await lastEntry()) as { before: object; after: object };
    expect(after).toEqual({ name: changes.name, rpm: 5, models: ['near_qwen3_30b'] });
    expect(before).toMatchObject({ rpm: 10, models: null });
    const written = (await host.entries(team)).length;
    expect(await change(id, changes)).toMatchObject({ status: 200 });
    expect(await host.entries(team)).toHaveLength(written);
  });

  test('says 503 when it cannot be written down, and the repetition writes it, once', async () => {
    const { id } = await host.key(team);
    const refused = await host.withoutAudit(() => change(id, { rpm: 7 }));
    expect([refused.status, refused.body.code]).toEqual([503, 'service_unavailable']);
    const written = (await host.entries(team)).length;
    for (let repetition = 0; repetition < 3; repetition += 1) await change(id, { rpm: 7 });
    const entries = (await host.entries(team)).slice(written);
    expect(entries).toMatchObject([{ action: 'key.updated', object_id: id, before: { rpm: null }, after: { rpm: 7 } }]);
  });
});

describe('ending a key', () => {
  test('is true at once, writes who did it, and is not undone', async () => {
    const { id, key } = await host.key(team);
    const { status, body } = await host.call(team.owner, 'POST', keys(`/${id}/revoke`), { reason: 'leaked' });
    expect([status, body.state, body.revocationReason]).toEqual([200, 'revoked', 'leaked']);
    await expect(verify(key)).rejects.toMatchObject({ code: 'key_revoked' });
    expect(await lastEntry()).toMatchObject({
      action: 'key.revoked',
      actor_kind: 'user',
      actor_id: team.owner.userId,
      object_id: id,
      before: { state: 'active', revocationReason: null },
      after: { state: 'revoked', revocationReason: 'leaked' },
      client: { userAgent: 'sdk' },
    });
    expect(await host.call(team.owner, 'POST', keys(`/${id}/enable`))).toMatchObject({ status: 409 });
  });

  test('of the only active key in use wants a confirmation, and says why', async () => {
    const small = await host.team();
    const { id, key } = await host.key(small);
    await verify(key);
    const path = `/api/teams/${small.id}/keys/${id}/revoke`;
    await eventually(async () => {
      const { body } = await host.call(small.owner, 'GET', `/api/teams/${small.id}/keys/${id}`);
      expect(body.lastUsedAt).not.toBeNull();
    });
    const refused = await host.call(small.owner, 'POST', path);
    expect([refused.status, refused.body.code]).toEqual([409, 'confirmation_required']);
    expect(refused.body.detail).toMatch(/callers/);
    await expect(verify(key)).resolves.toBeDefined();
    expect(await host.call(small.owner, 'POST', path, { confirm: true })).toMatchObject({ status: 200 });
  });

  test('says 503 when it cannot be written down, and the repetition writes it', async () => {
    const { id, key } = await host.key(team);
    const refused = await host.withoutAudit(() => host.call(team.owner, 'POST', keys(`/${id}/revoke`)));
    expect([refused.status, refused.body.code]).toEqual([503, 'service_unavailable']);
    await expect(verify(key)).rejects.toMatchObject({ code: 'key_revoked' });
    const before = (await host.entries(team)).length;
    for (let repetition = 0; repetition < 3; repetition += 1) {
      expect(await host.call(team.owner, 'POST', keys(`/${id}/revoke`))).toMatchObject({ status: 200 });
    }
    const written = (await host.entries(team)).slice(before);
    expect(written).toMatchObject([{ action: 'key.revoked', object_id: id, after: { state: 'revoked' } }]);
  });

  test('says 503 while there is no registry, and never a false success', async () => {
    const { id, key } = await host.key(team);
    const before = (await host.entries(team)).length;
    await host.stopRegistry();
    const refused = await host.call(team.owner, 'POST', keys(`/${id}/revoke`));
    expect([refused.status, refused.body.code]).toEqual([503, 'service_unavailable']);
    expect((await host.entries(team)).length).toBe(before);
    await host.startRegistry();
    await expect(verify(key)).resolves.toBeDefined();
    expect(await host.call(team.owner, 'POST', keys(`/${id}/revoke`))).toMatchObject({ status: 200 });
  });
});

describe('an old sign-in', () => {
  test('makes, rotates and enables no key and loosens none, but narrows, disables and revokes', async () => {
    const other = await host.team();
    const { id } = await host.key(other, other.owner, { rpm: 10, models: ['near_qwen3_30b'] });
    await host.age(other.owner);
    const attempt = async (method: string, rest: string, body?: object) => {
      const answer = await host.call(other.owner, method, `/api/teams/${other.id}/keys${rest}`, body);
      return answer.body.code ?? answer.status;
    };
    expect(await attempt('POST', '', { name: 'new' })).toBe('reauthentication_required');
    expect(await attempt('POST', `/${id}/rotate`)).toBe('reauthentication_required');
    expect(await attempt('PATCH', `/${id}`, { rpm: null })).toBe('reauthentication_required');
    expect(await attempt('PATCH', `/${id}`, { models: null })).toBe('reauthentication_required');
    expect(await attempt('PATCH', `/${id}`, { rpm: 5, name: 'renamed' })).toBe(200);
    expect(await attempt('POST', `/${id}/disable`)).toBe(200);
    expect(await attempt('POST', `/${id}/enable`)).toBe('reauthentication_required');
    expect(await attempt('POST', `/${id}/revoke`, { confirm: true })).toBe(200);
  });
});
