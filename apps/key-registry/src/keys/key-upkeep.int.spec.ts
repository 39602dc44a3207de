import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { listKeys, registerKey, verifyKey } from '@orgn/contracts';
import { startBackbone, type Backbone, type TestService } from '@orgn/testing';
import { Client } from 'pg';
import { migrations } from '../migrations/index.ts';
import { keyRegistryService } from '../service.ts';
import { KeyUpkeep } from './key-upkeep.ts';
import { makePeppers, makeRegistration } from './make.ts';

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

async function register(teamId = 'team_acme') {
  const registration = makeRegistration({ teamId });
  return { ...(await backbone.bus.ask(registerKey, registration)), digest: registration.digest };
}

const verify = (digest: string) => backbone.bus.ask(verifyKey, { digest });
const write = () => registry.app.get(KeyUpkeep).write();

async function query<R>(text: string, values: unknown[]): Promise<R[]> {
  const client = new Client({ connectionString: backbone.postgres.urlOf('key_registry') });
  await client.connect();
  return (await client.query(text, values).finally(() => client.end())).rows as R[];
}

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
  test('is written later, together, and by the clock of the database', async () => {
    await startWith('old');
    const keys = await Promise.all([register(), register()]);
    await Promise.all(keys.map(({ digest }) => verify(digest)));
    expect(await lastUsedAt(keys[0].id)).toBeNull();
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
    const key = await register();
    await verify(key.digest);
    await restartWith('old');
    const [row] = await query<{ used: Date | null }>('SELECT last_used_at AS used FROM api_keys WHERE id = $1', [
      key.id,
    ]);
    expect(row?.used).not.toBeNull();
  });

  test('survives a database that is down when it should be written', async () => {
    await startWith('old');
    const key = await register();
    await verify(key.digest);
    await backbone.postgres.crash();
    await write();
    await backbone.postgres.start();
    await write();
    expect(await lastUsedAt(key.id)).not.toBeNull();
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
