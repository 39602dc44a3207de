import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import {
  disableKey,
  revokeKey,
  setKeysStanding,
  settleKeys,
  updateKey,
  verifyKey,
  type ReplyOf,
} from '@orgn/contracts';
import type { Bus } from '@orgn/service-kit';
import { connectTestBus, eventually, startBackbone, type Backbone, type TestService } from '@orgn/testing';
import { migrations } from '../migrations/index.ts';
import { keyRegistryService } from '../service.ts';
import { KeyUpkeep } from './key-upkeep.ts';
import { KeysRepository } from './keys.repository.ts';
import { makeKey, makePeppers, makeUserId } from './make.ts';

/** Few at a time, many after another: a verification then leaves within the millisecond after the reply. */
const LANES = 3;
const ROUNDS_PER_LANE = 20;
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

type Verdict = ReplyOf<typeof verifyKey>;

interface Denial {
  /** Takes something away from a key and resolves when that is promised to hold. */
  deny: (key: { id: string; teamId: string; ownerId: string | null }) => Promise<unknown>;
  /** What verifications say before. */
  allows?: (verdict: Verdict) => boolean;
  /** What they may say from then on, beside allowing. */
  word: string;
}

const denials: Record<string, Denial> = {
  'keys.revoke': {
    deny: ({ id }) => backbone.bus.ask(revokeKey, { key: { id }, reason: 'leaked', isConfirmed: true }),
    word: 'key_revoked',
  },
  'keys.disable': { deny: ({ id, teamId }) => backbone.bus.ask(disableKey, { teamId, id }), word: 'key_disabled' },
  'keys.update': {
    deny: ({ id, teamId }) => backbone.bus.ask(updateKey, { teamId, id, changes: { executionPolicy: 'tee_only' } }),
    allows: ({ executionPolicy }) => executionPolicy === 'any',
    word: 'restricted',
  },
  'keys.settle (suspend)': {
    deny: ({ teamId, ownerId }) =>
      backbone.bus.ask(settleKeys, { teamId, ownerId: ownerId ?? '', choice: 'suspend', adoptBy: null }),
    word: 'key_owner_removed',
  },
  'keys.stand (suspended)': {
    deny: ({ teamId }) => backbone.bus.ask(setKeysStanding, { teamId, standing: 'suspended' }),
    word: 'team_suspended',
  },
};

describe('after the reply to', () => {
  test.each(Object.entries(denials))(
    '%s no verification that is sent says what it said before, at any replica, whatever happens at the same time',
    async (subject, denial) => {
      const judged = registries.map(({ app }) => jest.spyOn(app.get(KeysRepository), 'judge'));
      const lane = async () => {
        const counts = [];
        for (let round = 0; round < ROUNDS_PER_LANE; round += 1) counts.push(await denyUnderLoad(denial));
        return counts;
      };
      const counts = (await Promise.all(Array.from({ length: LANES }, lane))).flat();
      expect(counts.map(({ allowedAfter }) => allowedAfter)).toEqual(counts.map(() => 0));
      const latencies = counts.map(({ deniedInMs }) => deniedInMs).sort((one, other) => one - other);
      const [p50, p99] = [0.5, 0.99].map((share) => latencies[Math.floor(share * latencies.length)]?.toFixed(1));
      process.stdout.write(`${subject}: ${counts.length} under load, reply in ${p50} ms (p50), ${p99} ms (p99)\n`);
      for (const { mock } of judged) expect(mock.calls.length).toBeGreaterThan(0);
    },
  );
});

let teams = 0;

/** Verifies one key without a pause at all gateways while it is denied; counts what was sent before and after. */
async function denyUnderLoad({ deny, allows = () => true, word: denied }: Denial) {
  const teamId = `team_${(teams += 1).toString().padStart(4, '0')}`;
  const { digest, ...key } = await makeKey(backbone.bus, { teamId, createdBy: makeUserId() });
  const count = { allowed: 0, denied: 0, allowedAfter: 0 };
  const phase = { isDenied: false, isOver: false };
  const verify = async (bus: Bus) => {
    while (!phase.isOver) {
      const isSentAfter = phase.isDenied;
      const word = await bus.ask(verifyKey, { digest }).then(
        (verdict) => (allows(verdict) ? 'allowed' : 'restricted'),
        (error: unknown) => (error as { code: string }).code,
      );
      expect(['allowed', denied]).toContain(word);
      count[word === 'allowed' ? 'allowed' : 'denied'] += 1;
      if (isSentAfter && word === 'allowed') count.allowedAfter += 1;
    }
  };
  const verifiers = gateways.flatMap((bus) => Array.from({ length: VERIFIERS_PER_GATEWAY }, () => verify(bus)));
  await eventually(() => expect(count.allowed).toBeGreaterThan(2 + Math.random() * 6));
  void writeEverywhere();
  const askedAt = performance.now();
  await deny(key);
  const deniedInMs = performance.now() - askedAt;
  phase.isDenied = true;
  void writeEverywhere();
  await eventually(() => expect(count.denied).toBeGreaterThan(8));
  phase.isOver = true;
  await Promise.all(verifiers);
  return { ...count, deniedInMs };
}

/** Last uses and digests are written while the keys are judged and denied. */
const writeEverywhere = () => Promise.all(registries.map(({ app }) => app.get(KeyUpkeep).write()));
