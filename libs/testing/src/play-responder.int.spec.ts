import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTeam, ServiceError, verifyKey, type KeyId, type TeamId } from '@orgn/contracts';
import type { Bus } from '@orgn/service-kit';
import { startNats, type TestNats } from './nats.ts';
import { playResponder } from './play-responder.ts';
import { connectTestBus } from './test-bus.ts';

let nats: TestNats;
let bus: Bus;

beforeAll(async () => {
  nats = await startNats();
  bus = await connectTestBus(nats);
});

afterAll(async () => {
  await bus.connection.close();
  await nats.stop();
});

describe('a played responder', () => {
  test('answers by the contract until its play ends', async () => {
    const end = playResponder(bus, createTeam, ({ id, name }) => ({ id, name, createdAt: 'now' }));
    expect(await bus.ask(createTeam, { id: 'team_acme', name: ' Acme ' })).toEqual({
      id: 'team_acme',
      name: 'Acme',
      createdAt: 'now',
    });
    end();
    await expect(bus.ask(createTeam, { id: 'team_acme', name: 'Acme' })).rejects.toMatchObject({
      code: 'service_unavailable',
    });
  });

  test('answers each item of a batch, some with errors', async () => {
    const reply = {
      keyId: `key_${'1'.repeat(32)}` as KeyId,
      teamId: 'team_acme' as TeamId,
      lineageId: `key_${'1'.repeat(32)}` as KeyId,
      executionPolicy: 'any',
      models: null,
      ipAllowList: null,
      isLimited: false,
      isWatched: false,
      ticket: null,
    } as const;
    const end = playResponder(bus, verifyKey, ({ digest }) => {
      if (digest.startsWith('b')) throw new ServiceError('key_revoked', 'Revoked.');
      return reply;
    });
    const outcomes = await Promise.allSettled(
      ['a', 'b'].map((letter) => bus.ask(verifyKey, { digest: letter.repeat(43) })),
    );
    expect(outcomes).toMatchObject([{ value: reply }, { reason: { code: 'key_revoked' } }]);
    end();
  });

  test('cannot answer what the contract does not allow', async () => {
    const end = playResponder(bus, createTeam, () => ({ id: 'acme' as TeamId, name: 'Acme', createdAt: 'now' }));
    await expect(bus.ask(createTeam, { id: 'team_acme', name: 'Acme' })).rejects.toMatchObject({ code: 'internal' });
    end();
  });
});
