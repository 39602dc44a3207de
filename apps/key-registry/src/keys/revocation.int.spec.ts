import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { listKeys, registerKey, revokeKey, verifyKey } from '@orgn/contracts';
import type { Bus } from '@orgn/service-kit';
import { connectTestBus, eventually, startBackbone, type Backbone, type TestService } from '@orgn/testing';
import { migrations } from '../migrations/index.ts';
import { keyRegistryService } from '../service.ts';
import { KeyUpkeep } from './key-upkeep.ts';
import { KeysRepository } from './keys.repository.ts';
import { makePeppers, makeRegistration } from './make.ts';

/** Few at a time, many after another: a verification then leaves within the millisecond after the reply. */
const LANES = 3;
const KEYS_PER_LANE = 25;
const VERIFIERS_PER_GATEWAY = 2;

let backbone: Backbone;
let registries: TestService[];
let gateways: Bus[];

beforeAll(async () => {
  backbone = await startBackbone([{ name: 'key_registry', migrations }]);
  // In the middle of a rotation, so that each replica rewrites what the other one wrote: the most that can go wrong.
  const peppers = [makePeppers('old', 'new'), makePeppers('new', 'old')];
  const start = (KEY_PEPPERS: string, index: number) =>
    backbone.start(keyRegistryService, {
      instance: `key-registry-${index + 1}`,
      schema: 'key_registry',
      more: { KEY_PEPPERS },
    });
  registries = await Promise.all(peppers.map(start));
  gateways = await Promise.all([connectTestBus(backbone.nats), connectTestBus(backbone.nats)]);
});

afterAll(async () => {
  await backbone.stop();
  await Promise.all(gateways.map((bus) => bus.connection.close()));
});

describe('after the reply to keys.revoke', () => {
  test('no verification that is sent accepts the key, at any replica, whatever happens at the same time', async () => {
    const judged = registries.map(({ app }) => jest.spyOn(app.get(KeysRepository), 'judge'));
    const lane = async () => {
      const counts = [];
      for (let key = 0; key < KEYS_PER_LANE; key += 1) counts.push(await revokeUnderLoad());
      return counts;
    };
    const counts = (await Promise.all(Array.from({ length: LANES }, lane))).flat();
    expect(counts.map(({ acceptedAfter }) => acceptedAfter)).toEqual(counts.map(() => 0));
    for (const { mock } of judged) expect(mock.calls.length).toBeGreaterThan(0);
    const { keys } = await backbone.bus.ask(listKeys, { teamId: 'team_acme' });
    expect(keys.map(({ state }) => state)).toEqual(counts.map(() => 'revoked'));
  });
});

/** Verifies one key without a pause at all gateways while it is revoked; counts what was sent before and after. */
async function revokeUnderLoad() {
  const { digest, ...settings } = makeRegistration();
  const { id } = await backbone.bus.ask(registerKey, { digest, ...settings });
  const count = { accepted: 0, refused: 0, acceptedAfter: 0 };
  const phase = { isRevoked: false, isOver: false };
  const verify = async (bus: Bus) => {
    while (!phase.isOver) {
      const isSentAfter = phase.isRevoked;
      const word = await bus.ask(verifyKey, { digest }).then(
        () => 'accepted',
        (error: unknown) => (error as { code: string }).code,
      );
      expect(['accepted', 'key_revoked']).toContain(word);
      count[word === 'accepted' ? 'accepted' : 'refused'] += 1;
      if (isSentAfter && word === 'accepted') count.acceptedAfter += 1;
    }
  };
  const verifiers = gateways.flatMap((bus) => Array.from({ length: VERIFIERS_PER_GATEWAY }, () => verify(bus)));
  await eventually(() => expect(count.accepted).toBeGreaterThan(2 + Math.random() * 6), { timeoutMs: 20_000 });
  void writeEverywhere();
  await backbone.bus.ask(revokeKey, { id, reason: 'leaked' });
  phase.isRevoked = true;
  void writeEverywhere();
  await eventually(() => expect(count.refused).toBeGreaterThan(8), { timeoutMs: 20_000 });
  phase.isOver = true;
  await Promise.all(verifiers);
  return count;
}

/** Last uses and digests are written while the keys are judged and revoked. */
const writeEverywhere = () => Promise.all(registries.map(({ app }) => app.get(KeyUpkeep).write()));
