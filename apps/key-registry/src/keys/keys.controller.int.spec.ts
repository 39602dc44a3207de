import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { listKeys, registerKey, revokeKey, verifyKey, type KeyView } from '@orgn/contracts';
import { eventually, startBackbone, type Backbone, type TestService } from '@orgn/testing';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { migrations } from '../migrations/index.ts';
import { keyRegistryService } from '../service.ts';
import { makeDigest, makePeppers, makeRegistration, type Registration } from './make.ts';

const NOBODYS_KEY = `key_${'0'.repeat(32)}`;
const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

let backbone: Backbone;
let registry: TestService;

beforeAll(async () => {
  backbone = await startBackbone([{ name: 'key_registry', migrations }]);
  const parts = { instance: 'key-registry-1', schema: 'key_registry', more: { KEY_PEPPERS: makePeppers('test') } };
  registry = await backbone.start(keyRegistryService, parts);
});

afterAll(() => backbone.stop());

const verify = (digest: string) => backbone.bus.ask(verifyKey, { digest });
const list = async (teamId: string) => (await backbone.bus.ask(listKeys, { teamId })).keys;
const revoke = (id: string, reason: 'leaked' | 'other' = 'other') => backbone.bus.ask(revokeKey, { id, reason });

async function register(overrides: Partial<Registration> = {}): Promise<KeyView & { digest: string }> {
  const registration = makeRegistration(overrides);
  return { ...(await backbone.bus.ask(registerKey, registration)), digest: registration.digest };
}

/** Changes a key behind the registry's back. */
async function sql(assignments: string, id: string): Promise<void> {
  const client = new Client({ connectionString: backbone.postgres.urlOf('key_registry') });
  await client.connect();
  await client.query(`UPDATE api_keys SET ${assignments} WHERE id = $1`, [id]).finally(() => client.end());
}

const expire = (id: string) => sql(`created_at = now() - interval '2 h', expires_at = now() - interval '1 ms'`, id);

describe('keys.verify', () => {
  test('answers the key, its team and what it may do', async () => {
    const models = ['near_qwen3_30b', 'vercel_gpt_4o'];
    const key = await register({ models, executionPolicy: 'tee_only', expiresAt: inHours(1) });
    const expected = { keyId: key.id, teamId: 'team_acme', executionPolicy: 'tee_only', models };
    expect(await verify(key.digest)).toEqual(expected);
  });

  test('refuses a digest of the wrong form', async () => {
    await expect(verify('short')).rejects.toMatchObject({ code: 'invalid_request' });
  });

  test('refuses a key that nobody registered', async () => {
    await expect(verify(makeDigest())).rejects.toMatchObject({ code: 'invalid_api_key' });
  });

  test('refuses a revoked key', async () => {
    const key = await register();
    await revoke(key.id);
    await expect(verify(key.digest)).rejects.toMatchObject({ code: 'key_revoked' });
  });

  test('refuses an expired key', async () => {
    const key = await register({ expiresAt: inHours(1) });
    await expire(key.id);
    await expect(verify(key.digest)).rejects.toMatchObject({ code: 'key_expired' });
  });

  test('refuses a disabled key, and accepts it again once it is enabled', async () => {
    const key = await register();
    await sql('disabled_at = now()', key.id);
    await expect(verify(key.digest)).rejects.toMatchObject({ code: 'key_disabled' });
    await sql('disabled_at = NULL', key.id);
    expect(await verify(key.digest)).toMatchObject({ keyId: key.id });
  });

  test('lets a key expire by itself, in the middle of its use', async () => {
    const key = await register({ expiresAt: new Date(Date.now() + 400).toISOString() });
    expect(await verify(key.digest)).toMatchObject({ keyId: key.id });
    await eventually(() => expect(verify(key.digest)).rejects.toMatchObject({ code: 'key_expired' }));
  });

  test('goes by the clock of the database, not by the clock of the process', async () => {
    const key = await register({ expiresAt: inHours(1) });
    const now = Date.now.bind(Date);
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => now() + 24 * 3_600_000);
    try {
      expect(await verify(key.digest)).toMatchObject({ keyId: key.id });
    } finally {
      clock.mockRestore();
    }
  });

  test('judges 500 keys by one statement, each by itself', async () => {
    const [good, bad] = [await register(), await register()];
    await revoke(bad.id);
    const statements = jest.spyOn(registry.app.get(DataSource).logger, 'logQuery');
    const digests = Array.from(
      { length: 500 },
      (_, index) => [good.digest, bad.digest, makeDigest()][index % 3] as string,
    );
    const verdicts = await Promise.allSettled(digests.map(verify));
    const words = verdicts.map((verdict) =>
      verdict.status === 'fulfilled' ? 'ok' : (verdict.reason as { code: string }).code,
    );
    expect(words).toEqual(digests.map((_, index) => ['ok', 'key_revoked', 'invalid_api_key'][index % 3]));
    expect(statements).toHaveBeenCalledTimes(1);
    statements.mockRestore();
  });

  test('says that the service is unavailable while the database is down, and recovers with it', async () => {
    const [key, unknown] = [await register(), makeDigest()];
    await backbone.postgres.crash();
    const unavailable = { code: 'service_unavailable' };
    await expect(verify(key.digest)).rejects.toMatchObject(unavailable);
    await expect(verify(unknown)).rejects.toMatchObject(unavailable);
    await expect(list('team_acme')).rejects.toMatchObject(unavailable);
    await expect(revoke(key.id)).rejects.toMatchObject(unavailable);
    const failing = { isOk: false, checks: { postgres: 'failing' } };
    await eventually(async () => expect(await registry.health.run()).toMatchObject(failing));
    await backbone.postgres.start();
    await eventually(async () => expect(await verify(key.digest)).toMatchObject({ keyId: key.id }));
    await eventually(async () => expect(await registry.health.run()).toMatchObject({ isOk: true }));
  });
});

describe('keys.register', () => {
  test('answers the key as its owners see it', async () => {
    const expiresAt = inHours(24);
    const { digest: _, ...key } = await register({ name: '  CI  ', expiresAt, models: ['near_qwen3_30b'] });
    expect(key).toEqual({
      id: expect.stringMatching(/^key_[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/),
      ...{ teamId: 'team_acme', name: 'CI', hint: 'sk-ollm-…o5p6', models: ['near_qwen3_30b'], executionPolicy: 'any' },
      ...{ state: 'active', expiresAt, lastUsedAt: null, revokedAt: null, revocationReason: null },
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
  });

  test.each([
    ['digest', { digest: 'short' }],
    ['teamId', { teamId: 'acme' }],
    ['name', { name: ' ' }],
    ['name', { name: 'line\nbreak' }],
    ['models', { models: [] }],
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

  test('refuses a name that the team uses, in whatever case, until its key is revoked', async () => {
    const key = await register({ name: 'Laptop' });
    await register({ name: 'laptop', teamId: 'team_other' });
    await expect(register({ name: 'LAPTOP' })).rejects.toMatchObject({ code: 'request_conflict', param: 'name' });
    await sql('disabled_at = now()', key.id);
    await expect(register({ name: 'laptop' })).rejects.toMatchObject({ code: 'request_conflict', param: 'name' });
    await revoke(key.id);
    expect(await register({ name: 'laptop' })).toMatchObject({ state: 'active' });
  });
});

describe('keys.list', () => {
  test('shows a team its keys, newest first, with their states', async () => {
    const teamId = 'team_list';
    const names = ['active', 'expired', 'disabled', 'revoked'];
    const keys: KeyView[] = [];
    for (const name of names) keys.push(await register({ teamId, name, expiresAt: inHours(3) }));
    await sql(`expires_at = now(), created_at = created_at - interval '1 us'`, keys[1]?.id ?? '');
    await sql('disabled_at = now()', keys[2]?.id ?? '');
    await revoke(keys[3]?.id ?? '', 'leaked');
    const listed = await list(teamId);
    expect(listed.map(({ name, state }) => [name, state])).toEqual([...names].reverse().map((name) => [name, name]));
    expect(listed[0]).toMatchObject({ revocationReason: 'leaked', revokedAt: expect.any(String) });
  });

  test('shows no other team’s keys', async () => {
    await register();
    expect(await list('team_without_keys')).toEqual([]);
  });

  test('refuses a team id of the wrong form', async () => {
    await expect(list('acme')).rejects.toMatchObject({ code: 'invalid_request', param: 'teamId' });
  });
});

describe('keys.revoke', () => {
  test('answers the revoked key, and the first revocation to everyone who comes later', async () => {
    const { id } = await register();
    const first = await revoke(id, 'leaked');
    expect(first).toMatchObject({ id, state: 'revoked', revocationReason: 'leaked' });
    expect(await revoke(id, 'other')).toEqual(first);
  });

  test('ends a key that is expired or disabled as well', async () => {
    const key = await register({ expiresAt: inHours(1) });
    await expire(key.id);
    await sql('disabled_at = now()', key.id);
    expect(await revoke(key.id)).toMatchObject({ state: 'revoked' });
  });

  test('says so when there is no such key', async () => {
    await expect(revoke(NOBODYS_KEY)).rejects.toMatchObject({ code: 'not_found', param: 'id' });
  });

  test.each([
    ['id', { id: 'key_1', reason: 'other' }],
    ['reason', { id: NOBODYS_KEY, reason: 'bored' }],
  ])('refuses a bad %s', async (param, request) => {
    await expect(backbone.bus.ask(revokeKey, request as never)).rejects.toMatchObject({
      code: 'invalid_request',
      param,
    });
  });
});
