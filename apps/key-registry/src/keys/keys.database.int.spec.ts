import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  disableKey,
  getKey,
  revokeKey,
  rotateKey,
  setKeysStanding,
  verifyKey,
  type KeyView,
  type TeamId,
} from '@orgn/contracts';
import { eventually, startBackbone, type Backbone, type TestService } from '@orgn/testing';
import type { EntityManager } from 'typeorm';
import { migrations } from '../migrations/index.ts';
import { keyRegistryService } from '../service.ts';
import { KeysDatabase } from './keys.database.ts';
import { makeDigest, makeKey, makePeppers, sql, wordOf } from './make.ts';
import type { TeamKeys } from './team-keys.ts';

const CRASHES = process.env.TEST_LONG === '1' ? 40 : 4;

let backbone: Backbone;
let registries: TestService[];

beforeAll(async () => {
  backbone = await startBackbone([{ name: 'key_registry', migrations }]);
  const parts = { schema: 'key_registry', more: { KEY_PEPPERS: makePeppers('test') } };
  const start = (instance: string) => backbone.start(keyRegistryService, { instance, ...parts });
  registries = [await start('key-registry-1'), await start('key-registry-2')];
});

afterAll(() => backbone.stop());

type Key = KeyView & { digest: string };

const ways: ((key: Key) => Promise<unknown>)[] = [
  ({ id }) => backbone.bus.ask(revokeKey, { key: { id }, reason: 'leaked', isConfirmed: true }),
  ({ teamId, id }) => backbone.bus.ask(disableKey, { teamId, id }),
  ({ teamId }) => backbone.bus.ask(setKeysStanding, { teamId, standing: 'suspended' }),
  ({ teamId, id }) =>
    backbone.bus.ask(rotateKey, {
      ...{ teamId, id, digest: makeDigest(), hint: 'x', createdBy: null },
      ...{ graceSeconds: 0, activate: 'now' },
    }),
];

/** Ends all keys, eight at a time, and kills Postgres once so many replies have come. Answers the words on each key. */
async function changeUntilCrash(keys: Key[], replies: number): Promise<string[]> {
  const words: string[] = [];
  const enough = Promise.withResolvers<undefined>();
  const lane = async (from: number) => {
    for (let index = from; index < keys.length; index += 8) {
      words[index] = await wordOf(ways[(index >> 3) % ways.length]!(keys[index]!));
      if (Object.keys(words).length === replies) enough.resolve(undefined);
    }
  };
  const lanes = Promise.all(Array.from({ length: 8 }, (_, from) => lane(from)));
  await enough.promise;
  await backbone.postgres.crash();
  await lanes;
  return words;
}

describe('when Postgres is killed in the middle of changes', () => {
  test('no reply says that something ended which is accepted after the recovery, and everything else is a 503', async () => {
    const figures = { acknowledged: 0, unavailable: 0, falselyAcknowledged: 0 };
    for (let crash = 0; crash < CRASHES; crash += 1) {
      const making = Array.from({ length: 64 }, (_, n) => makeKey(backbone.bus, { teamId: `team_${crash}_${n}` }));
      const keys = await Promise.all(making);
      const words = await changeUntilCrash(keys, 4 + Math.floor(Math.random() * 32));
      await backbone.postgres.start();
      await eventually(async () => expect(await wordOf(backbone.bus.ask(getKey, keys[0]!))).toBe('ok'));
      for (const [index, word] of words.entries()) {
        expect(['ok', 'service_unavailable']).toContain(word);
        figures[word === 'ok' ? 'acknowledged' : 'unavailable'] += 1;
        const isAccepted = (await wordOf(backbone.bus.ask(verifyKey, keys[index]!))) === 'ok';
        if (word === 'ok' && isAccepted) figures.falselyAcknowledged += 1;
      }
    }
    process.stdout.write(`${CRASHES} crashes in the middle of changes: ${JSON.stringify(figures)}\n`);
    expect(figures.falselyAcknowledged).toBe(0);
    expect(Math.min(figures.acknowledged, figures.unavailable)).toBeGreaterThan(0);
  }, 600_000);
});

describe('a replica that hangs in the middle of a change', () => {
  test('keeps its team locked for seconds only, and has not changed anything', async () => {
    const { id } = await makeKey(backbone.bus, { teamId: 'team_hanging' });
    const database = registries[0]!.app.get(KeysDatabase);
    const hanging = database.change('team_hanging' as TeamId, async (keys) => {
      await keys.revoke([id], 'other');
      await pause(4_500);
    });
    const word = wordOf(hanging);
    await pause(50);
    const asked = { key: { id }, reason: 'unused', isConfirmed: true } as const;
    const { after } = await eventually(() => backbone.bus.ask(revokeKey, asked));
    expect(after.revocationReason).toBe('unused');
    expect(await word).toBe('service_unavailable');
  });
});

describe('what a reply says', () => {
  test('is on disk, also where the server would answer before it is', async () => {
    const admin = backbone.postgres.adminUrl;
    await sql(admin, 'ALTER ROLE key_registry SET synchronous_commit = off');
    const replica = await backbone.start(keyRegistryService, {
      ...{ instance: 'key-registry-3', schema: 'key_registry', more: { KEY_PEPPERS: makePeppers('test') } },
    });
    const database = replica.app.get(KeysDatabase);
    const read = (manager: EntityManager) => manager.query("SELECT current_setting('synchronous_commit') AS value");
    expect(await database.ask(read)).toEqual([{ value: 'off' }]);
    const inside = (keys: TeamKeys) => read((keys as unknown as { manager: EntityManager }).manager);
    expect(await database.change('team_acme' as TeamId, inside)).toEqual([{ value: 'on' }]);
    await sql(admin, 'ALTER ROLE key_registry RESET synchronous_commit');
    await backbone.end(replica);
  });
});
