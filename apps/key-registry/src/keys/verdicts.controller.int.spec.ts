import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import {
  inspectKey,
  keysChanged,
  listKeys,
  revokeKey,
  tellAdmissionTime,
  verifyKey,
  type RequestId,
} from '@orgn/contracts';
import { noLimits, readTicket } from '@orgn/service-kit';
import { admissionSettings } from '@orgn/service-kit/settings';
import { eventually, startBackbone, TEST_ADMISSION_KEYS, type Backbone, type TestService } from '@orgn/testing';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { migrations } from '../migrations/index.ts';
import { keyRegistryService } from '../service.ts';
import { KeysRepository } from './keys.repository.ts';
import { inHours, makeDigest, makeKey, makePeppers, makeUserId, sql, wordOf, type Registration } from './make.ts';

const keys = z.object(admissionSettings).parse({ ADMISSION_KEYS: TEST_ADMISSION_KEYS }).ADMISSION_KEYS;

let backbone: Backbone;
let registry: TestService;

beforeAll(async () => {
  backbone = await startBackbone([{ name: 'key_registry', migrations }]);
  const parts = { instance: 'key-registry-1', schema: 'key_registry', more: { KEY_PEPPERS: makePeppers('test') } };
  registry = await backbone.start(keyRegistryService, parts);
});

afterAll(() => backbone.stop());

const register = (overrides: Partial<Registration> = {}) => makeKey(backbone.bus, overrides);
const verify = (digest: string) => backbone.bus.ask(verifyKey, { digest });
const inspect = (digest: string) => backbone.bus.ask(inspectKey, { digest });
const revoke = (id: string) => backbone.bus.ask(revokeKey, { key: { id }, reason: 'other', isConfirmed: true });
const set = (assignments: string, id: string) =>
  sql(backbone.postgres.urlOf('key_registry'), `UPDATE api_keys SET ${assignments} WHERE id = $1`, [id]);
const expire = (id: string) => set(`created_at = now() - interval '2 h', expires_at = now() - interval '1 ms'`, id);

describe('keys.verify', () => {
  test('answers the key, its team and what it may do', async () => {
    const models = ['near_qwen3_30b', 'vercel_gpt_4o'];
    const ipAllowList = ['10.0.0.0/8', '2001:db8::1'];
    const key = await register({ models, ipAllowList, executionPolicy: 'tee_only', expiresAt: inHours(1) });
    const ids = {
      keyId: key.id,
      teamId: 'team_acme',
      lineageId: key.id,
      isLimited: false,
      isWatched: false,
      ticket: null,
    };
    expect(await verify(key.digest)).toEqual({ ...ids, executionPolicy: 'tee_only', models, ipAllowList });
  });

  test('gives a ticket for the one request that a key is presented for, at the time of the database', async () => {
    const counted = {
      budgets: { total: '25.50' },
      softBudgets: ['total' as const],
      rpm: 60,
      tpm: null,
      concurrency: 2,
    };
    const limits = { models: ['near_qwen3_30b'], ...counted };
    const key = await register({ ...limits, createdBy: makeUserId(), executionPolicy: 'tee_only' });
    const requestId = '01930000-0000-7000-8000-000000000001' as RequestId;
    const now = Date.now.bind(Date);
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => now() + 24 * 3_600_000);
    const asked = [{ digest: key.digest, requestId }, { digest: key.digest }];
    const words = await Promise.all(asked.map((question) => backbone.bus.ask(verifyKey, question)));
    const { databaseMs } = await backbone.bus.ask(tellAdmissionTime, {});
    clock.mockRestore();
    expect(words[1]?.ticket).toBeNull();
    const read = readTicket(keys, words[0]?.ticket ?? '');
    if (typeof read === 'string') throw new Error(read);
    const { models, ...rest } = limits;
    const ids = { requestId, keyId: key.id, teamId: key.teamId, ownerId: key.ownerId, lineageId: key.lineageId };
    expect(read).toEqual({
      admission: {
        ...{ ...noLimits, ...ids, ...rest },
        ...{ source: 'api', executionPolicy: 'tee_only', admittedAtMs: expect.any(Number) },
      },
      models,
    });
    for (const told of [read.admission.admittedAtMs, databaseMs]) expect(Math.abs(told - now())).toBeLessThan(60_000);
  });

  test('refuses a digest of the wrong form', async () => {
    await expect(verify('short')).rejects.toMatchObject({ code: 'invalid_request' });
  });

  test('refuses a key that nobody registered', async () => {
    await expect(verify(makeDigest())).rejects.toMatchObject({ code: 'invalid_api_key' });
  });

  test('lets a key expire by itself, in the middle of its use', async () => {
    const key = await register({ expiresAt: inHours(1) });
    expect(await verify(key.digest)).toMatchObject({ keyId: key.id });
    await set(`expires_at = now() + interval '100 ms'`, key.id);
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

  test('judges 500 keys by one statement, each by itself, once their first uses are written by another', async () => {
    const [good, bad] = [await register(), await register()];
    await revoke(bad.id);
    const statements = jest.spyOn(registry.app.get(DataSource).logger, 'logQuery');
    // Looking whether the database is there goes on by itself, several times a second.
    const judging = () => statements.mock.calls.filter(([statement]) => statement !== 'SELECT 1');
    const digests = Array.from(
      { length: 500 },
      (_, index) => [good.digest, bad.digest, makeDigest()][index % 3] as string,
    );
    const expected = digests.map((_, index) => ['ok', 'key_revoked', 'invalid_api_key'][index % 3]);
    for (const count of [2, 1]) {
      statements.mockClear();
      expect(await Promise.all(digests.map((digest) => wordOf(verify(digest))))).toEqual(expected);
      expect(judging()).toHaveLength(count);
    }
    statements.mockRestore();
  });

  test('waits for no row that somebody else holds', async () => {
    const key = await register();
    const held = registry.app.get(DataSource).createQueryRunner();
    await held.startTransaction();
    await held.query('SELECT FROM api_keys WHERE id = $1 FOR UPDATE', [key.id]);
    expect(await verify(key.digest)).toMatchObject({ keyId: key.id });
    await held.rollbackTransaction();
    await held.release();
  });

  test('goes on while changes of a team wait for their turn, however many', async () => {
    const key = await register();
    const held = registry.app.get(DataSource).createQueryRunner();
    await held.startTransaction();
    await held.query(`SELECT pg_advisory_xact_lock(7214303, hashtext('team_acme'))`);
    const changes = Promise.all(Array.from({ length: 12 }, () => register()));
    // Few: changes wait 5 s for their turn, and on a busy machine each of these takes its time.
    for (let count = 0; count < 5; count += 1) expect(await verify(key.digest)).toMatchObject({ keyId: key.id });
    await held.commitTransaction();
    await held.release();
    expect(await changes).toHaveLength(12);
  });

  test('says that the service is unavailable while the database is down, and recovers with it', async () => {
    const [key, unknown] = [await register(), makeDigest()];
    await backbone.postgres.crash();
    const list = backbone.bus.ask(listKeys, { teamId: 'team_acme' });
    const asked = [verify(key.digest), verify(unknown), inspect(key.digest), list, revoke(key.id)];
    expect(await Promise.all(asked.map(wordOf))).toEqual(asked.map(() => 'service_unavailable'));
    const failing = { isOk: false, checks: { postgres: 'failing' } };
    await eventually(async () => expect(await registry.health.run()).toMatchObject(failing));
    await backbone.postgres.start();
    await eventually(async () => expect(await verify(key.digest)).toMatchObject({ keyId: key.id }));
    await eventually(async () => expect(await registry.health.run()).toMatchObject({ isOk: true }));
  });

  test('accepts nothing whose first use could not be written', async () => {
    const key = await register();
    const url = backbone.postgres.adminUrl;
    await sql(url, 'REVOKE UPDATE ON key_registry.api_keys FROM key_registry');
    await expect(verify(key.digest)).rejects.toMatchObject({ code: 'service_unavailable' });
    await sql(url, 'GRANT UPDATE ON key_registry.api_keys TO key_registry');
    expect(await verify(key.digest)).toMatchObject({ keyId: key.id });
  });
});

describe('keys.inspect', () => {
  test('tells a key about itself, and counts as a use of it', async () => {
    const { digest, ...key } = await register({ models: ['near_qwen3_30b'], rpm: 60 });
    const beside = { seesBalance: false, teamBudget: null, memberBudget: null };
    expect(await inspect(digest)).toEqual({ ...key, ...beside, lastUsedAt: expect.any(String) });
  });

  test('refuses what verification refuses', async () => {
    const [revoked, expired] = [await register(), await register({ expiresAt: inHours(1) })];
    await revoke(revoked.id);
    await expire(expired.id);
    const digests = [revoked.digest, expired.digest, makeDigest()];
    const words = await Promise.all(digests.map((digest) => wordOf(inspect(digest))));
    expect(words).toEqual(['key_revoked', 'key_expired', 'invalid_api_key']);
  });

  test('knows nothing of a key that goes while it is asked about', async () => {
    const { digest } = await register();
    const rows = registry.app.get(KeysRepository);
    const find = jest.spyOn(rows, 'find').mockResolvedValueOnce(null);
    expect(await wordOf(inspect(digest))).toBe('invalid_api_key');
    const judge = jest.spyOn(rows, 'judgeOne').mockResolvedValueOnce(undefined);
    expect(await wordOf(inspect(digest))).toBe('invalid_api_key');
    for (const gone of [find, judge]) gone.mockRestore();
    expect(await wordOf(inspect(digest))).toBe('ok');
  });
});

test('gateways are told of a change once it is committed', async () => {
  const heard: string[] = [];
  const key = await register();
  const word = new Promise<string>((resolve) => {
    backbone.bus.listen(keysChanged, ({ keyIds }) => {
      heard.push(...keyIds);
      if (keyIds.includes(key.id)) void wordOf(verify(key.digest)).then(resolve);
    });
  });
  await backbone.bus.connection.flush();
  await revoke(key.id);
  expect(await word).toBe('key_revoked');
  expect(heard).toEqual([key.id]);
});
