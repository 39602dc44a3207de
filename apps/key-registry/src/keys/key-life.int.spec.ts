import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  disableKey,
  enableKey,
  listKeys,
  registerKey,
  revokeKey,
  rotateKey,
  setKeysStanding,
  settleKeys,
  updateKey,
  verifyKey,
  type KeysOfLeaver,
  type KeyState,
  type KeyView,
  type ReplyOf,
  type TeamStanding,
} from '@orgn/contracts';
import { startBackbone, type Backbone } from '@orgn/testing';
import fc from 'fast-check';
import { migrations } from '../migrations/index.ts';
import { keyRegistryService } from '../service.ts';
import { inHours, makeDigest, makePeppers, makeRegistration, makeUserId, sql, wordOf } from './make.ts';

const RUNS = process.env.TEST_LONG === '1' ? 600 : 40;

/** What a key is, without a database: the clock only knows later and past. */
interface ModelKey {
  id: string;
  digest: string;
  teamId: string;
  name: string;
  ownerId: string;
  policy: 'any' | 'tee_only';
  expiry: 'never' | 'later' | 'past';
  isRevoked: boolean;
  isSuspended: boolean;
  isDisabled: boolean;
  isUsed: boolean;
  successor: ModelKey | null;
  predecessor: ModelKey | null;
  /** Seconds from the first use of a later key on; null: no use is waited for. */
  waitsFor: number | null;
}

class Model {
  readonly keys: ModelKey[] = [];
  readonly standings = new Map<string, TeamStanding>();
  readonly run = randomBytes(6).toString('hex');
  readonly teams = ['one', 'two'].map((name) => `team_${this.run}_${name}`);
  readonly people = [makeUserId(), makeUserId()];

  stateOf(key: ModelKey): KeyState {
    if (key.isRevoked) return 'revoked';
    if (key.expiry === 'past') return 'expired';
    if (key.isSuspended) return 'suspended';
    if (key.isDisabled) return 'disabled';
    return key.successor ? 'rotating' : 'active';
  }

  verdictOn(key: ModelKey): string {
    const state = this.stateOf(key);
    if (state === 'revoked' || state === 'expired') return `key_${state}`;
    if ((this.standings.get(key.teamId) ?? 'active') !== 'active') return 'team_suspended';
    const words = { suspended: 'key_owner_removed', disabled: 'key_disabled', rotating: 'ok', active: 'ok' };
    return words[state];
  }

  /** Some key: mostly one that has not ended, because little happens to others. */
  pick(number: number): ModelKey {
    const alive = this.keys.filter((key) => !this.hasEnded(key));
    const from = number % 5 > 0 && alive.length > 0 ? alive : this.keys;
    return from[number % from.length]!;
  }

  hasEnded(key: ModelKey): boolean {
    return key.isRevoked || key.expiry === 'past';
  }

  /** `ok` or what a change of a key is refused with for its own state. */
  changing(key: ModelKey): string {
    return this.hasEnded(key) ? 'request_conflict' : 'ok';
  }

  isNameTaken(teamId: string, name: string, except?: ModelKey): boolean {
    const holds = (key: ModelKey) => key.teamId === teamId && !this.hasEnded(key) && !key.successor && key !== except;
    return this.keys.some((key) => holds(key) && key.name === name);
  }

  /** Callers depend on a key that they use, or that is to take over from one they still use. */
  isLastInUse(key: ModelKey): boolean {
    const others = this.keys.filter((other) => other !== key && other.teamId === key.teamId);
    if (others.some((other) => this.stateOf(other) === 'active')) return false;
    const isAccepted = ['active', 'rotating'].includes(this.stateOf(key));
    const isTakingOver = (other: ModelKey) =>
      other.isUsed && rootOf(other) === rootOf(key) && this.stateOf(other) === 'rotating';
    return (key.isUsed && isAccepted) || others.some(isTakingOver);
  }

  waitingBefore(key: ModelKey): ModelKey[] {
    const earlier = [];
    for (let at = key.predecessor; at; at = at.predecessor) if (at.waitsFor !== null) earlier.push(at);
    return earlier;
  }

  use(key: ModelKey): void {
    key.isUsed = true;
    for (const earlier of this.waitingBefore(key)) {
      if (earlier.waitsFor === 0) earlier.expiry = 'past';
      earlier.waitsFor = null;
    }
  }

  add(view: KeyView, digest: string, predecessor: ModelKey | null): ModelKey {
    const { id, teamId, name, ownerId, executionPolicy: policy } = view;
    const fresh = { isRevoked: false, isSuspended: false, isDisabled: false, isUsed: false, successor: null };
    const expiry = view.expiresAt === null ? ('never' as const) : ('later' as const);
    const facts = { id, teamId, name, ownerId: ownerId ?? '', policy, expiry, digest, predecessor, waitsFor: null };
    this.keys.push({ ...facts, ...fresh });
    return this.keys.at(-1)!;
  }
}

/** The first key of a lineage. */
function rootOf(key: ModelKey): ModelKey {
  return key.predecessor ? rootOf(key.predecessor) : key;
}

let backbone: Backbone;
let figures: Record<string, number>;

beforeAll(async () => {
  figures = {};
  backbone = await startBackbone([{ name: 'key_registry', migrations }]);
  const parts = { schema: 'key_registry', more: { KEY_PEPPERS: makePeppers('test') } };
  for (const index of [1, 2]) await backbone.start(keyRegistryService, { instance: `key-registry-${index}`, ...parts });
});

afterAll(() => backbone.stop());

/** One step of a key's life: what the registry is asked, what the model expects, and what becomes of the model. */
interface Step<R> {
  ask: () => Promise<R>;
  expected: string;
  then?: (reply: R) => void;
}

type Command = fc.AsyncCommand<Model, null>;

function command<R>(name: string, needsKey: boolean, stepOf: (model: Model) => Step<R>): Command {
  return {
    check: (model) => !needsKey || model.keys.length > 0,
    async run(model) {
      const { ask, expected, then } = stepOf(model);
      const asked = ask();
      const word = await wordOf(asked);
      figures[`${name} ${word}`] = (figures[`${name} ${word}`] ?? 0) + 1;
      expect({ name, word }).toEqual({ name, word: expected });
      if (word === 'ok') then?.(await asked);
      await expectAgreement(model);
    },
    toString: () => name,
  };
}

/** A command on some key that the model knows. */
const onKey = <A, R>(name: string, args: fc.Arbitrary<A>, stepOf: (model: Model, key: ModelKey, arg: A) => Step<R>) =>
  fc
    .tuple(fc.nat(1_000), args)
    .map(([pick, arg]) =>
      command(`${name} ${JSON.stringify(arg)}`, true, (model) => stepOf(model, model.pick(pick), arg)),
    );

/** Compares all keys as they are listed, and the verdicts on those that a verification leaves as they are. */
async function expectAgreement(model: Model): Promise<void> {
  for (const teamId of model.teams) {
    const { keys } = await backbone.bus.ask(listKeys, { teamId });
    const seen = keys.map(({ id, state, name, ownerId, executionPolicy, replaces, replacedBy }) => [
      ...[id, state, name, ownerId, executionPolicy, replaces, replacedBy],
    ]);
    const expected = model.keys
      .filter((key) => key.teamId === teamId)
      .map((key) => [
        ...[key.id, model.stateOf(key), key.name, key.ownerId, key.policy],
        ...[key.predecessor?.id ?? null, key.successor?.id ?? null],
      ]);
    expect(seen.sort()).toEqual(expected.sort());
  }
  const isSafe = (key: ModelKey) =>
    model.verdictOn(key) !== 'ok' || (key.isUsed && model.waitingBefore(key).length === 0);
  const safe = model.keys.filter(isSafe);
  const verdicts = await Promise.all(safe.map(({ digest }) => wordOf(backbone.bus.ask(verifyKey, { digest }))));
  expect(verdicts).toEqual(safe.map((key) => model.verdictOn(key)));
}

const names = fc.constantFrom('ci', 'laptop', 'server');
const person = fc.nat(1);
const none = fc.constant(null);

const registering = fc.tuple(fc.nat(1), names, person, fc.boolean()).map(([team, name, owner, expires]) =>
  command('register', false, (model) => {
    const teamId = model.teams[team]!;
    const settings = { teamId, name, createdBy: model.people[owner]!, expiresAt: expires ? inHours(5) : null };
    const registration = makeRegistration(settings);
    const isRefused = model.standings.get(teamId) === 'closed' || model.isNameTaken(teamId, name);
    return {
      ask: () => backbone.bus.ask(registerKey, registration),
      expected: isRefused ? 'request_conflict' : 'ok',
      then: (view: KeyView) => void model.add(view, registration.digest, null),
    };
  }),
);

const using = onKey('use', none, (model, key) => ({
  ask: () => backbone.bus.ask(verifyKey, { digest: key.digest }),
  expected: model.verdictOn(key),
  then: (verdict: ReplyOf<typeof verifyKey>) => {
    expect(verdict).toMatchObject({ keyId: key.id, teamId: key.teamId, executionPolicy: key.policy });
    model.use(key);
  },
}));

const disabling = onKey('disable', none, (model, key) => ({
  ask: () => backbone.bus.ask(disableKey, { teamId: key.teamId, id: key.id }),
  expected: model.changing(key),
  then: () => void (key.isDisabled = true),
}));

const enabling = onKey('enable', person, (model, key, adopter) => ({
  ask: () => backbone.bus.ask(enableKey, { teamId: key.teamId, id: key.id, adoptBy: model.people[adopter]! }),
  expected: model.changing(key),
  then: () => {
    if (key.isSuspended) key.ownerId = model.people[adopter]!;
    Object.assign(key, { isDisabled: false, isSuspended: false });
  },
}));

const rotation = fc.record({
  graceSeconds: fc.constantFrom(0, 3_600),
  activate: fc.constantFrom('now' as const, 'first_use' as const),
});

const rotating = onKey('rotate', rotation, (model, key, { graceSeconds, activate }) => {
  const request = { teamId: key.teamId, id: key.id, digest: makeDigest(), hint: 'x', createdBy: null };
  return {
    ask: () => backbone.bus.ask(rotateKey, { ...request, graceSeconds, activate }),
    expected: model.stateOf(key) === 'active' ? 'ok' : 'request_conflict',
    then: (reply: ReplyOf<typeof rotateKey>) => {
      const { key: view } = reply;
      expect([view.executionPolicy, view.ownerId, view.name]).toEqual([key.policy, key.ownerId, key.name]);
      key.successor = model.add(view, request.digest, key);
      key.expiry = activate === 'now' && graceSeconds === 0 ? 'past' : 'later';
      if (activate === 'first_use') key.waitsFor = graceSeconds;
    },
  };
});

const revoking = onKey('revoke', fc.boolean(), (model, key, isConfirmed) => ({
  ask: () => backbone.bus.ask(revokeKey, { key: { id: key.id }, reason: 'other', isConfirmed }),
  expected: !isConfirmed && model.isLastInUse(key) ? 'confirmation_required' : 'ok',
  then: () => void (key.isRevoked = true),
}));

const renaming = onKey('rename', names, (model, key, name) => {
  const isTaken = !key.successor && model.isNameTaken(key.teamId, name, key);
  return {
    ask: () => backbone.bus.ask(updateKey, { teamId: key.teamId, id: key.id, changes: { name } }),
    expected: isTaken ? 'request_conflict' : model.changing(key),
    then: () => void (key.name = name),
  };
});

const restricting = onKey('restrict', fc.constantFrom('any' as const, 'tee_only' as const), (model, key, policy) => ({
  ask: () => backbone.bus.ask(updateKey, { teamId: key.teamId, id: key.id, changes: { executionPolicy: policy } }),
  expected: model.changing(key),
  then: () => void (key.policy = policy),
}));

const prolonging = onKey('make lasting', none, (model, key) => ({
  ask: () => backbone.bus.ask(updateKey, { teamId: key.teamId, id: key.id, changes: { expiresAt: null } }),
  expected: key.successor ? 'request_conflict' : model.changing(key),
  then: () => void (key.expiry = 'never'),
}));

/** Time passes for one key, as if it had been made long ago. */
const expiring = onKey('expire', none, (_, key) => ({
  ask: () =>
    sql(
      backbone.postgres.urlOf('key_registry'),
      `UPDATE api_keys SET created_at = created_at - interval '1 day', expires_at = now() - interval '1 ms' WHERE id = $1`,
      [key.id],
    ),
  expected: 'ok',
  then: () => void (key.expiry = 'past'),
}));

const standingOf = fc.constantFrom<TeamStanding>(
  'active',
  'active',
  'active',
  'active',
  'suspended',
  'suspended',
  'closed',
);

const standing = fc.tuple(fc.nat(1), standingOf).map(([team, to]) =>
  command(`stand ${to}`, false, (model) => {
    const teamId = model.teams[team]!;
    return {
      ask: () => backbone.bus.ask(setKeysStanding, { teamId, standing: to }),
      expected: model.standings.get(teamId) === 'closed' && to !== 'closed' ? 'request_conflict' : 'ok',
      then: () => {
        model.standings.set(teamId, to);
        if (to === 'closed') for (const key of model.keys) key.isRevoked ||= key.teamId === teamId;
      },
    };
  }),
);

const leaving = fc
  .tuple(fc.nat(1), person, fc.constantFrom<KeysOfLeaver>('adopt', 'suspend', 'revoke'))
  .map(([team, leaver, choice]) =>
    command(`settle ${choice}`, false, (model) => {
      const [teamId, ownerId, adoptBy] = [model.teams[team]!, model.people[leaver]!, model.people[1 - leaver]!];
      const isTheirs = (key: ModelKey) => key.teamId === teamId && key.ownerId === ownerId && !model.hasEnded(key);
      const theirs = model.keys.filter((key) => isTheirs(key) && !(choice === 'suspend' && key.isSuspended));
      const effects = { adopt: { ownerId: adoptBy, isSuspended: false }, suspend: { isSuspended: true } };
      return {
        ask: () => backbone.bus.ask(settleKeys, { teamId, ownerId, choice, adoptBy }),
        expected: 'ok',
        then: ({ settled }: ReplyOf<typeof settleKeys>) => {
          expect([...settled].sort()).toEqual(theirs.map(({ id }) => id).sort());
          for (const key of theirs) Object.assign(key, choice === 'revoke' ? { isRevoked: true } : effects[choice]);
        },
      };
    }),
  );

test('whatever happens to a team’s keys, in whatever order, each is what a model without a database says', async () => {
  const often = [using, rotating].map((arbitrary) => ({ arbitrary, weight: 6 }));
  const sometimes = [registering, disabling, enabling, revoking, renaming, restricting, prolonging, standing];
  const rarely = [expiring, leaving];
  const anything = fc.oneof(
    ...often,
    ...sometimes.map((arbitrary) => ({ arbitrary, weight: 2 })),
    ...rarely.map((arbitrary) => ({ arbitrary, weight: 1 })),
  );
  const life = fc.commands<Model, null, false>([anything], { maxCommands: 60, size: 'max' });
  await fc.assert(
    fc.asyncProperty(life, async (commands) => {
      await fc.asyncModelRun(() => ({ model: new Model(), real: null }), commands);
    }),
    { numRuns: RUNS },
  );
  const steps = Object.values(figures).reduce((sum, count) => sum + count, 0);
  process.stdout.write(
    `key life: ${RUNS} lives, ${steps} steps, ${Object.keys(figures).length} kinds of step and word\n`,
  );
  for (const word of ['ok', 'request_conflict', 'key_revoked', 'team_suspended'])
    expect(Object.keys(figures).some((kind) => kind.endsWith(` ${word}`))).toBe(true);
}, 900_000);
