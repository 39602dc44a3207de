import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import {
  awaitHold,
  findHolders,
  HOLD_SHARDS,
  holdersAnnounced,
  holdShardOf,
  ServiceError,
  takeHold,
  toTicketStub,
  type HoldAnswer,
  type RequestId,
  type TeamId,
} from '@orgn/contracts';
import { ServiceLog } from '@orgn/service-kit';
import {
  connectTestBus,
  eventually,
  makeTicket,
  playResponder,
  startNats,
  type TestBus,
  type TestNats,
} from '@orgn/testing';
import { HoldDesk } from './hold-desk.ts';
import { Holders } from './holders.ts';

const teamId = 'team_held' as TeamId;
const requestId = '019aaaaa-0000-7000-8000-000000000001' as RequestId;
const order = { ticket: toTicketStub(makeTicket({ requestId, teamId })), nanoUsd: 1, tokens: 1 };
const shard = holdShardOf(teamId);
/** Of another shard. */
const neighbour = 'team_next' as TeamId;
const shards = Array.from({ length: HOLD_SHARDS }, (_, shard) => shard);
const held: HoldAnswer = { state: 'held', receipt: `1.1.${'a'.repeat(43)}`, rates: {}, warnings: [] };
/** What a process that stands still, or was killed, says. */
const nothing = () => new Promise<HoldAnswer>(() => undefined);

let nats: TestNats;
let bus: TestBus;
let holders: Holders;
let desk: HoldDesk;
const ends: (() => void)[] = [];

beforeAll(async () => {
  nats = await startNats();
  bus = await connectTestBus(nats);
});
beforeEach(() => {
  holders = new Holders(bus.as('gateway'), new ServiceLog('test', 'test-1', 'error'));
  desk = new HoldDesk(bus.as('gateway'), holders);
});
afterEach(async () => {
  for (const end of [...ends.splice(0), () => holders.onApplicationShutdown()]) end();
  await bus.flush();
  jest.restoreAllMocks();
});
afterAll(async () => {
  await bus.close();
  await nats.stop();
});

/** Plays a replica of metering that owns every team, if it says so. */
async function play(instance: string, take: () => HoldAnswer | Promise<HoldAnswer>, fault?: ServiceError) {
  const asked = jest.fn(take);
  const { promise: waited, resolve } = Promise.withResolvers<HoldAnswer>();
  ends.push(
    playResponder(bus, { ...takeHold, subject: `${takeHold.subject}.${instance}` }, () => asked()),
    playResponder(bus, { ...awaitHold, subject: `${awaitHold.subject}.${instance}` }, () =>
      fault ? Promise.reject(fault) : waited,
    ),
    () => resolve({ state: 'not_owner' }),
  );
  await bus.flush();
  return { asked, announce: () => bus.broadcast(holdersAnnounced, { instance, shards }) };
}

const isHeard = (instance: string) => eventually(() => expect(holders.of(teamId)).toBe(instance));

test('a hold that its owner did not answer in time is asked for again, of whoever owns the team by then', async () => {
  holders.onApplicationBootstrap();
  const [still, next] = [await play('metering-1', nothing), await play('metering-2', () => held)];
  still.announce();
  await isHeard('metering-1');
  const taken = desk.take({ teamId, requestId }, order);
  await eventually(() => expect(still.asked).toHaveBeenCalled());
  next.announce();
  await expect(taken).resolves.toEqual(held);
});

test('who waits at an owner that dies does not wait for it any more once another one has the team', async () => {
  holders.onApplicationBootstrap();
  const dying = await play('metering-1', () => ({ state: 'waiting' }));
  const next = await play('metering-2', () => held);
  dying.announce();
  await isHeard('metering-1');
  const taken = desk.take({ teamId, requestId }, order);
  await eventually(() => expect(dying.asked).toHaveBeenCalled());
  next.announce();
  await expect(taken).resolves.toEqual(held);
});

test('an owner that has not said for seconds that it is one is asked all the same, where nobody else says so', async () => {
  holders.onApplicationBootstrap();
  const slow = await play('metering-1', () => held);
  slow.announce();
  await isHeard('metering-1');
  const now = performance.now.bind(performance);
  jest.spyOn(performance, 'now').mockImplementation(() => now() + 30_000);
  expect(holders.of(teamId)).toBeUndefined();
  await expect(desk.take({ teamId, requestId }, order)).resolves.toEqual(held);
});

test('a gateway that has just started waits for the first word of owners', async () => {
  holders.onApplicationBootstrap();
  const first = await play('metering-1', () => held);
  const taken = desk.take({ teamId, requestId }, order);
  await new Promise((resolve) => setTimeout(resolve, findHolders.windowMs + 100));
  first.announce();
  await expect(taken).resolves.toEqual(held);
});

describe('where leases ran out', () => {
  const lapsed = (instance: string) => bus.broadcast(holdersAnnounced, { instance, shards: [], isLapsed: true });
  const take = () => desk.take({ teamId, requestId }, order);
  /** It is said again as long as it is so. */
  const areHeardToBeLapsed = () =>
    eventually(() => {
      lapsed('metering-1');
      expect(holders.areLapsed).toBe(true);
    });

  test('and nobody has any, it is refused without a wait for somebody who may have them next', async () => {
    holders.onApplicationBootstrap();
    await play('metering-1', () => held);
    await bus.flush();
    // What is left in order is waited for.
    bus.broadcast(holdersAnnounced, { instance: 'metering-1', shards: [] });
    const taken = take();
    lapsed('metering-1');
    await expect(taken).rejects.toMatchObject({ code: 'metering_unavailable' });
    await areHeardToBeLapsed();
    const asked = jest.spyOn(holders, 'ask');
    await expect(take()).rejects.toMatchObject({ code: 'metering_unavailable' });
    expect(asked).not.toHaveBeenCalled();
  });

  test('and another replica has some, it will have the others: they are waited for', async () => {
    holders.onApplicationBootstrap();
    const other = await play('metering-2', () => held);
    lapsed('metering-1');
    bus.broadcast(holdersAnnounced, { instance: 'metering-2', shards: shards.filter((one) => one !== shard) });
    const taken = take();
    await eventually(() => expect(holders.of(neighbour)).toBe('metering-2'));
    expect(holders.areLapsed).toBe(false);
    other.announce();
    await expect(taken).resolves.toEqual(held);
  });

  test('they are held by again as soon as somebody says that they are his', async () => {
    holders.onApplicationBootstrap();
    const back = await play('metering-1', () => held);
    await areHeardToBeLapsed();
    back.announce();
    await isHeard('metering-1');
    await expect(take()).resolves.toEqual(held);
  });
});

test('where nobody listens it is refused', async () => {
  holders.onApplicationBootstrap();
  bus.broadcast(holdersAnnounced, { instance: 'metering-1', shards });
  await isHeard('metering-1');
  await expect(desk.take({ teamId, requestId }, order)).rejects.toMatchObject({ code: 'metering_unavailable' });
});

test.each(['at once', 'after a wait'])(
  'an owner that says %s that nobody knows is believed, and not asked again',
  async (when) => {
    holders.onApplicationBootstrap();
    const unavailable = new ServiceError('metering_unavailable', 'Nobody can say.');
    const waits = when === 'after a wait';
    const owner = await play(
      'metering-1',
      () => (waits ? { state: 'waiting' } : Promise.reject(unavailable)),
      unavailable,
    );
    owner.announce();
    await isHeard('metering-1');
    await expect(desk.take({ teamId, requestId }, order)).rejects.toMatchObject({ code: 'metering_unavailable' });
    expect(owner.asked).toHaveBeenCalledTimes(1);
  },
);
