import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { listKeys, registerKey, verifyKey } from '@orgn/contracts';
import { startService, stopService } from '@orgn/service-kit';
import { startBackbone, testEnvironment, type Backbone } from '@orgn/testing';
import { Client } from 'pg';
import { migrations } from '../migrations/index.ts';
import { keyRegistryService } from '../service.ts';
import { KeyUpkeep } from './key-upkeep.ts';
import { makePeppers, makeRegistration } from './make.ts';

type Registry = Awaited<ReturnType<typeof startService>>;

let backbone: Backbone;
const running = new Set<Registry>();

beforeAll(async () => {
  backbone = await startBackbone([{ name: 'key_registry', migrations }]);
});

afterEach(async () => {
  for (const registry of running) await stop(registry);
});

afterAll(async () => {
  await backbone.stop();
});

async function startRegistry(...kids: string[]): Promise<Registry> {
  const { nats, postgres } = backbone;
  const parts = { nats, database: { postgres, schema: 'key_registry' }, more: { KEY_PEPPERS: makePeppers(...kids) } };
  const registry = await startService(keyRegistryService, await testEnvironment({ instance: 'key-registry-1', ...parts }));
  running.add(registry);
  return registry;
}

async function stop(registry: Registry): Promise<void> {
  running.delete(registry);
  await stopService(registry);
}

async function register(teamId = 'team_acme') {
  const registration = makeRegistration({ teamId });
  return { ...(await backbone.bus.ask(registerKey, registration)), digest: registration.digest };
}

const verify = (digest: string) => backbone.bus.ask(verifyKey, { digest });
const write = (registry: Registry) => registry.app.get(KeyUpkeep).write();

async function query<R>(text: string, values: unknown[]): Promise<R[]> {
  const client = new Client({ connectionString: backbone.postgres.urlOf('key_registry') });
  await client.connect();
  return (await client.query(text, values).finally(() => client.end())).rows as R[];
}

async function lastUsedAt(id: string, teamId = 'team_acme'): Promise<string | null | undefined> {
  const { keys } = await backbone.bus.ask(listKeys, { teamId });
  return keys.find((key) => key.id === id)?.lastUsedAt;
}

const kidOf = async (id: string) => (await query<{ kid: string }>('SELECT digest_kid AS kid FROM api_keys WHERE id = $1', [id]))[0]?.kid;

describe('a pepper rotation', () => {
  test('moves a key to the new pepper when it is used, and keeps it valid all the way', async () => {
    let registry = await startRegistry('old');
    const [used, unused] = [await register(), await register()];
    await stop(registry);

    registry = await startRegistry('old', 'new');
    expect(await verify(used.digest)).toMatchObject({ keyId: used.id });
    await write(registry);
    expect(await kidOf(used.id)).toBe('old');
    await stop(registry);

    registry = await startRegistry('new', 'old');
    const verdicts = await Promise.all([used.digest, unused.digest, used.digest].map(verify));
    expect(verdicts.map(({ keyId }) => keyId)).toEqual([used.id, unused.id, used.id]);
    await write(registry);
    expect([await kidOf(used.id), await kidOf(unused.id)]).toEqual(['new', 'new']);
    expect(await verify(used.digest)).toMatchObject({ keyId: used.id });
    await stop(registry);

    await startRegistry('new');
    expect(await verify(used.digest)).toMatchObject({ keyId: used.id });
  });

  test('ends for keys that were not used when the old pepper is dropped, and not before', async () => {
    let registry = await startRegistry('old');
    const key = await register();
    await stop(registry);
    registry = await startRegistry('new');
    await expect(verify(key.digest)).rejects.toMatchObject({ code: 'invalid_api_key' });
    await stop(registry);
    await startRegistry('new', 'old');
    expect(await verify(key.digest)).toMatchObject({ keyId: key.id });
  });

  test('never lets a pepper of the same name with another secret confirm a key', async () => {
    await startRegistry('old');
    const key = await register();
    await query(`UPDATE api_keys SET digest_kid = 'other' WHERE id = $1`, [key.id]);
    await expect(verify(key.digest)).rejects.toMatchObject({ code: 'invalid_api_key' });
  });
});

describe('the last use of a key', () => {
  test('is written later, together, and by the clock of the database', async () => {
    const registry = await startRegistry('old');
    const keys = await Promise.all([register(), register()]);
    await Promise.all(keys.map(({ digest }) => verify(digest)));
    expect(await lastUsedAt(keys[0].id)).toBeNull();
    await write(registry);
    for (const { id, createdAt } of keys) expect(Date.parse((await lastUsedAt(id)) ?? '')).toBeGreaterThanOrEqual(Date.parse(createdAt));
  });

  test('only moves forward', async () => {
    const registry = await startRegistry('old');
    const key = await register();
    await verify(key.digest);
    await query(`UPDATE api_keys SET last_used_at = '2999-01-01T00:00:00Z' WHERE id = $1`, [key.id]);
    await write(registry);
    expect(await lastUsedAt(key.id)).toBe('2999-01-01T00:00:00.000Z');
  });

  test('is written when the registry stops', async () => {
    const registry = await startRegistry('old');
    const key = await register();
    await verify(key.digest);
    await stop(registry);
    const [row] = await query<{ used: Date | null }>('SELECT last_used_at AS used FROM api_keys WHERE id = $1', [key.id]);
    expect(row?.used).not.toBeNull();
  });

  test('survives a database that is down when it should be written', async () => {
    const registry = await startRegistry('old');
    const key = await register();
    await verify(key.digest);
    await backbone.postgres.crash();
    await write(registry);
    await backbone.postgres.start();
    await write(registry);
    expect(await lastUsedAt(key.id)).not.toBeNull();
  });

  test('is not touched by a refusal', async () => {
    const registry = await startRegistry('old');
    const key = await register();
    await query('UPDATE api_keys SET disabled_at = now() WHERE id = $1', [key.id]);
    await expect(verify(key.digest)).rejects.toMatchObject({ code: 'key_disabled' });
    await write(registry);
    expect(await lastUsedAt(key.id)).toBeNull();
  });
});
