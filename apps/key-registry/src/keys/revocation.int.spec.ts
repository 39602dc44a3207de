import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { listKeys, registerKey, revokeKey, verifyKey } from '@orgn/contracts';
import { startService, stopService, type Bus } from '@orgn/service-kit';
import { connectTestBus, startBackbone, testEnvironment, type Backbone } from '@orgn/testing';
import { migrations } from '../migrations/index.ts';
import { keyRegistryService } from '../service.ts';
import { KeyUpkeep } from './key-upkeep.ts';
import { KeysRepository } from './keys.repository.ts';
import { makePeppers, makeRegistration } from './make.ts';

type Registry = Awaited<ReturnType<typeof startService>>;

const KEYS = 40;
const VERIFIERS_PER_GATEWAY = 4;

let backbone: Backbone;
let registries: Registry[];
let gateways: Bus[];

beforeAll(async () => {
  backbone = await startBackbone([{ name: 'key_registry', migrations }]);
  const { nats, postgres } = backbone;
  const start = async (instance: string, peppers: string) => {
    const database = { postgres, schema: 'key_registry' };
    return startService(
      keyRegistryService,
      await testEnvironment({ instance, nats, database, more: { KEY_PEPPERS: peppers } }),
    );
  };
  // In the middle of a rotation, so that each replica rewrites what the other one wrote: the most that can go wrong.
  const peppers = [makePeppers('old', 'new'), makePeppers('new', 'old')];
  registries = await Promise.all(peppers.map((list, index) => start(`key-registry-${index + 1}`, list)));
  gateways = await Promise.all([connectTestBus(nats), connectTestBus(nats)]);
});

afterAll(async () => {
  await Promise.all(gateways.map((bus) => bus.connection.close()));
  await Promise.all(registries.map(stopService));
  await backbone.stop();
});

describe('after the reply to keys.revoke', () => {
  test('no verification that is sent accepts the key, at any replica, whatever happens at the same time', async () => {
    const judged = registries.map(({ app }) => jest.spyOn(app.get(KeysRepository), 'judge'));
    const outcomes = await Promise.all(Array.from({ length: KEYS }, (_, index) => revokeUnderLoad(index)));
    const total = { before: 0, after: 0, accepted: 0 };
    for (const { before, after, accepted } of outcomes) {
      total.before += before;
      total.after += after;
      total.accepted += accepted;
    }
    expect(total.accepted).toBe(0);
    expect(total.before).toBeGreaterThan(KEYS);
    expect(total.after).toBeGreaterThan(KEYS);
    for (const spy of judged) expect(spy.mock.calls.length).toBeGreaterThan(10);
    const { keys } = await backbone.bus.ask(listKeys, { teamId: 'team_acme' });
    expect(keys.filter(({ state }) => state !== 'revoked')).toEqual([]);
  });
});

/** Verifies one key without a pause at all gateways while it is revoked; counts what was accepted before and after. */
async function revokeUnderLoad(index: number): Promise<{ before: number; after: number; accepted: number }> {
  const registration = makeRegistration();
  const { id } = await backbone.bus.ask(registerKey, registration);
  const count = { before: 0, after: 0, accepted: 0 };
  let isRevoked = false;
  let isOver = false;
  const verify = async (bus: Bus) => {
    while (!isOver) {
      const wasRevoked = isRevoked;
      const accepted = await bus.ask(verifyKey, { digest: registration.digest }).then(
        () => true,
        (error: { code: string }) => {
          expect(error.code).toBe('key_revoked');
          return false;
        },
      );
      if (!wasRevoked) count.before += 1;
      else count.after += 1;
      if (wasRevoked && accepted) count.accepted += 1;
    }
  };
  const verifiers = gateways.flatMap((bus) => Array.from({ length: VERIFIERS_PER_GATEWAY }, () => verify(bus)));
  await pause(20 + 5 * index);
  await Promise.all(registries.map(({ app }) => app.get(KeyUpkeep).write()));
  await backbone.bus.ask(revokeKey, { id, reason: 'leaked' });
  isRevoked = true;
  await Promise.all(registries.map(({ app }) => app.get(KeyUpkeep).write()));
  await pause(50);
  isOver = true;
  await Promise.all(verifiers);
  return count;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
