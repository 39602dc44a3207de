import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { listKeys, verifyKey } from '@orgn/contracts';
import { eventually, startBackbone, type Backbone, type TestService } from '@orgn/testing';
import { migrations } from '../migrations/index.ts';
import { keyRegistryService } from '../service.ts';
import { KeyUpkeep } from './key-upkeep.ts';
import { makeKey, makePeppers, sql } from './make.ts';

let backbone: Backbone;
let registry: TestService;

beforeAll(async () => {
  backbone = await startBackbone([{ name: 'key_registry', migrations }]);
});

afterEach(() => backbone.end(registry));

afterAll(() => backbone.stop());

async function startWith(...kids: string[]): Promise<void> {
  const more = { KEY_PEPPERS: makePeppers(...kids) };
  registry = await backbone.start(keyRegistryService, { instance: 'key-registry-1', schema: 'key_registry', more });
}

async function restartWith(...kids: string[]): Promise<void> {
  await backbone.end(registry);
  await startWith(...kids);
}

const register = (teamId = 'team_acme') => makeKey(backbone.bus, { teamId });
const verify = (digest: string) => backbone.bus.ask(verifyKey, { digest });
const write = () => registry.app.get(KeyUpkeep).write();
const query = <R>(text: string, values: unknown[]) => sql<R>(backbone.postgres.urlOf('key_registry'), text, values);

async function lastUsedAt(id: string, teamId = 'team_acme'): Promise<string | null | undefined> {
  const { keys } = await backbone.bus.ask(listKeys, { teamId });
  return keys.find((key) => key.id === id)?.lastUsedAt;
}

const kidOf = async (id: string) =>
  (await query<{ kid: string }>('SELECT digest_kid AS kid FROM api_keys WHERE id = $1', [id]))[0]?.kid;

describe('a pepper rotation', () => {
  test('moves a key to the new pepper when it is used, and keeps it valid all the way', async () => {
    await startWith('old');
    const [used, unused] = [await register(), await register()];

    await restartWith('old', 'new');
    expect(await verify(used.digest)).toMatchObject({ keyId: used.id });
    await write();
    expect(await kidOf(used.id)).toBe('old');

    await restartWith('new', 'old');
    const verdicts = await Promise.all([used.digest, unused.digest, used.digest].map(verify));
    expect(verdicts.map(({ keyId }) => keyId)).toEqual([used.id, unused.id, used.id]);
    await write();
    expect([await kidOf(used.id), await kidOf(unused.id)]).toEqual(['new', 'new']);
    expect(await verify(used.digest)).toMatchObject({ keyId: used.id });

    await restartWith('new');
    expect(await verify(used.digest)).toMatchObject({ keyId: used.id });
  });

  test('ends for keys that were not used when the old pepper is dropped, and not before', async () => {
    await startWith('old');
    const key = await register();
    await restartWith('new');
    await expect(verify(key.digest)).rejects.toMatchObject({ code: 'invalid_api_key' });
    await restartWith('new', 'old');
    expect(await verify(key.digest)).toMatchObject({ keyId: key.id });
  });

  test('lets no other pepper confirm a digest than the one it is stored under', async () => {
    await startWith('old');
    const key = await register();
    await query(`UPDATE api_keys SET digest_kid = 'other' WHERE id = $1`, [key.id]);
    await expect(verify(key.digest)).rejects.toMatchObject({ code: 'invalid_api_key' });
  });
});

describe('the last use of a key', () => {
  /** A key whose last use was written half an hour ago. */
  async function registerUsed() {
    const key = await register();
    await verify(key.digest);
    await write();
    const past = `UPDATE api_keys SET last_used_at = now() - interval '30 min' WHERE id = $1 RETURNING last_used_at AS at`;
    const [row] = await query<{ at: Date }>(past, [key.id]);
    return { ...key, writtenAt: row?.at.toISOString() };
  }

  test('is written before it is accepted when it is the first ever or in an hour', async () => {
    await startWith('old');
    const [never, rarely] = [await register(), await registerUsed()];
    await query(`UPDATE api_keys SET last_used_at = now() - interval '61 min' WHERE id = $1`, [rarely.id]);
    const since = Date.now() - 1_000;
    await Promise.all([never, rarely].map(({ digest }) => verify(digest)));
    for (const { id } of [never, rarely]) expect(Date.parse((await lastUsedAt(id)) ?? '')).toBeGreaterThan(since);
  });

  test('is written later otherwise, together, and by the clock of the database', async () => {
    await startWith('old');
    const keys = [await registerUsed(), await registerUsed()];
    await Promise.all(keys.map(({ digest }) => verify(digest)));
    for (const { id, writtenAt } of keys) expect(await lastUsedAt(id)).toBe(writtenAt);
    await write();
    for (const { id, createdAt } of keys)
      expect(Date.parse((await lastUsedAt(id)) ?? '')).toBeGreaterThanOrEqual(Date.parse(createdAt));
  });

  test('only moves forward', async () => {
    await startWith('old');
    const key = await register();
    await verify(key.digest);
    await query(`UPDATE api_keys SET last_used_at = '2999-01-01T00:00:00Z' WHERE id = $1`, [key.id]);
    await write();
    expect(await lastUsedAt(key.id)).toBe('2999-01-01T00:00:00.000Z');
  });

  test('is written when the registry stops', async () => {
    await startWith('old');
    const key = await registerUsed();
    await verify(key.digest);
    await restartWith('old');
    expect(await lastUsedAt(key.id)).not.toBe(key.writtenAt);
  });

  test('survives a database that is down when it should be written', async () => {
    await startWith('old');
    const key = await registerUsed();
    await verify(key.digest);
    await backbone.postgres.crash();
    await write();
    await backbone.postgres.start();
    await write();
    expect(await lastUsedAt(key.id)).not.toBe(key.writtenAt);
  });

  test('is not touched by a refusal', async () => {
    await startWith('old');
    const key = await register();
    await query('UPDATE api_keys SET disabled_at = now() WHERE id = $1', [key.id]);
    await expect(verify(key.digest)).rejects.toMatchObject({ code: 'key_disabled' });
    await write();
    expect(await lastUsedAt(key.id)).toBeNull();
  });
});

describe('how a key was used last', () => {
  const client = { userAgent: 'sdk', network: '203.0.113.0/24' } as const;
  const useOf = async (id: string) => {
    const { keys } = await backbone.bus.ask(listKeys, { teamId: 'team_acme' });
    const key = keys.find((one) => one.id === id);
    return [key?.lastUsedWith, key?.lastUsedFrom];
  };

  test('is known at once of its first use, and of later ones after the next writing', async () => {
    await startWith('old');
    const { id, digest } = await register();
    await backbone.bus.ask(verifyKey, { digest, client });
    expect(await useOf(id)).toEqual(['sdk', '203.0.113.0/24']);
    await backbone.bus.ask(verifyKey, { digest, client: { userAgent: 'cli', network: '2001:db8:7::/48' } });
    await verify(digest);
    await write();
    expect(await useOf(id)).toEqual(['cli', '2001:db8:7::/48']);
  });

  test('says nothing of networks where they are not to be kept, nor of those that were', async () => {
    await startWith('old');
    const [former, { id, digest }] = [await register(), await register()];
    await backbone.bus.ask(verifyKey, { digest: former.digest, client });
    await backbone.end(registry);
    const more = { KEY_PEPPERS: makePeppers('old'), KEEP_NETWORKS: 'false' };
    registry = await backbone.start(keyRegistryService, { instance: 'key-registry-1', schema: 'key_registry', more });
    await backbone.bus.ask(verifyKey, { digest, client });
    await write();
    expect(await useOf(id)).toEqual(['sdk', null]);
    await eventually(async () => expect(await useOf(former.id)).toEqual(['sdk', null]));
  });
});
