import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  awaitHold,
  findHolders,
  HOLD_SHARDS,
  takeHold,
  toTicketStub,
  type RequestId,
  type TeamId,
} from '@orgn/contracts';
import { ServiceLog } from '@orgn/service-kit';
import { eventually, makeAdmission, makeTicket, startBackbone, type Backbone } from '@orgn/testing';
import { toDataSourceOptions } from '@orgn/database';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import type { UsageMeteringConfig } from '../config.ts';
import { migrations } from '../migrations/index.ts';
import { Proofs } from '../proofs/proofs.ts';
import { usageMeteringService } from '../service.ts';
import { makeRequestId, testKeys } from '../usage/make.ts';
import { BlocksRepository } from './blocks.repository.ts';
import { DeskDrawer } from './desk-drawer.ts';
import { toOrder, type HoldOrder } from './hold-order.ts';
import { TeamDesk } from './team-desk.ts';
import { payIn } from './testing/pay-in.ts';

// What requests are told while the database does not say how their scopes stand: never that money is spent or held by others.

const schema = 'usage_metering';
const instance = 'usage-metering-1';
/** No test lasts so long: what is told, is told because it is known. */
const patient = {
  BILLING: 'prepaid',
  HOLD_WAIT_MS: 600_000,
  HOLD_IDLE_MS: 600_000,
  ADMISSION_KEYS: testKeys,
} as UsageMeteringConfig;
const hurried = { ...patient, HOLD_WAIT_MS: 100 };

let backbone: Backbone;
let database: DataSource;
let blocks: BlocksRepository;
let teams = 0;

beforeAll(async () => {
  backbone = await startBackbone([{ name: schema, migrations }]);
});
beforeEach(async () => {
  const url = backbone.postgres.urlOf(schema);
  database = await new DataSource(toDataSourceOptions({ url, instance: 'test', entities: [] })).initialize();
  blocks = new BlocksRepository(database);
  await asAdmin((admin) =>
    admin.query(`TRUNCATE shard_keepers; UPDATE shard_leases SET owner = '', until = to_timestamp(0)`),
  );
});
afterEach(() => database.destroy());
afterAll(() => backbone.stop());

async function asAdmin<T>(work: (admin: Client) => Promise<T>): Promise<T> {
  const admin = new Client({ connectionString: backbone.postgres.adminUrl });
  await admin.connect();
  try {
    await admin.query(`SET search_path TO ${schema}`);
    return await work(admin);
  } finally {
    await admin.end();
  }
}

async function fund(nanoUsd: number): Promise<TeamId> {
  const team = `team_dark-${String((teams += 1))}` as TeamId;
  await asAdmin((admin) => payIn(admin, team, nanoUsd));
  return team;
}

/** The desk of a team, at an owner of all shards. */
async function deskOf(team: TeamId, settings: UsageMeteringConfig): Promise<TeamDesk> {
  const [shard] = await blocks.keepShards('owner', 600_000);
  const drawer = new DeskDrawer(blocks, new Proofs(settings), settings, new ServiceLog('test', 'test-1', 'error'));
  return new TeamDesk({ ...drawer.toolsFor(team, shard!), refused: () => undefined });
}

function order(teamId: TeamId, nanoUsd: number): HoldOrder {
  const admission = makeAdmission({ requestId: makeRequestId() as RequestId, teamId });
  return toOrder(admission, { nanoUsd, tokens: 10 }, 'prepaid');
}

async function outcome(desk: TeamDesk, wanted: HoldOrder): Promise<string> {
  const answer = desk.take(wanted);
  const told = answer.state === 'waiting' ? await desk.wait(wanted.admission.requestId) : answer;
  return told?.state === 'refused' ? told.why : String(told?.state);
}

const outcomes = (desk: TeamDesk, orders: HoldOrder[]) => Promise.all(orders.map((wanted) => outcome(desk, wanted)));

/** Does what is to be done while the database is gone. */
async function withoutDatabase(work: () => Promise<void>): Promise<void> {
  await backbone.postgres.crash();
  try {
    await work();
  } finally {
    await backbone.postgres.start();
  }
}

describe('after the database was killed', () => {
  test('whoever waits is told at once that nobody knows, and holds come again with the database', async () => {
    const team = await fund(1_000);
    const desk = await deskOf(team, patient);
    await withoutDatabase(async () => {
      const orders = Array.from({ length: 30 }, () => order(team, 10));
      expect(new Set(await outcomes(desk, orders))).toEqual(new Set(['unknown']));
      expect(await outcome(desk, order(team, 10))).toBe('unknown');
    });
    await eventually(async () => expect(await outcome(desk, order(team, 10))).toBe('held'), { timeoutMs: 15_000 });
    desk.close();
  }, 30_000);

  test('who was known to wait for money of others does not know it any more', async () => {
    const team = await fund(100);
    const desk = await deskOf(team, patient);
    expect(await outcome(desk, order(team, 100))).toBe('held');
    const waiting = outcome(desk, order(team, 100));
    await withoutDatabase(async () => expect(await waiting).toBe('unknown'));
    desk.close();
  }, 30_000);

  test('what was drawn before is held by all the same', async () => {
    const team = await fund(1_000);
    const desk = await deskOf(team, patient);
    expect(await outcome(desk, order(team, 10))).toBe('held');
    await withoutDatabase(async () => {
      expect(await outcome(desk, order(team, 10))).toBe('held');
      expect(await outcome(desk, order(team, 1_000))).toBe('unknown');
      expect(await outcome(desk, order(team, 10))).toBe('held');
    });
    desk.close();
  }, 30_000);

  test('gateways are told that metering is unavailable, and that there is nobody to wait for once leases ran out', async () => {
    const team = await fund(100);
    const metering = await backbone.start(usageMeteringService, {
      ...{ instance, schema },
      more: { LOG_LEVEL: 'error', BILLING: 'prepaid', HOLD_WAIT_MS: '10000' },
    });
    const ask = async (requestId: RequestId) => {
      const ticket = toTicketStub(makeTicket({ requestId, teamId: team }));
      const [answer] = await backbone.bus.askAllOf(takeHold, instance, [{ ticket, nanoUsd: 100, tokens: 1 }]);
      const told = answer && 'ok' in answer ? answer.ok : answer?.error;
      return told && 'state' in told && told.state === 'waiting'
        ? backbone.bus.askOnly(awaitHold, instance, { teamId: team, requestId })
        : told;
    };
    const [first, second] = [makeRequestId() as RequestId, makeRequestId() as RequestId];
    await eventually(async () => expect(await ask(first)).toMatchObject({ state: 'held' }), { timeoutMs: 15_000 });
    const waiting = ask(second).catch((error: unknown) => error);
    const standings = () => backbone.bus.survey(findHolders, {});
    expect(await standings()).toEqual([expect.objectContaining({ isLapsed: false })]);
    await withoutDatabase(async () => {
      expect(await waiting).toMatchObject({ code: 'metering_unavailable' });
      const lapsed = [{ instance, shards: [], isLapsed: true }];
      await eventually(async () => expect(await standings()).toEqual(lapsed), { timeoutMs: 15_000 });
    });
    const shards = expect.arrayContaining([0, HOLD_SHARDS - 1]);
    const back = [{ instance, shards, isLapsed: false }];
    await eventually(async () => expect(await standings()).toEqual(back), { timeoutMs: 15_000 });
    await backbone.end(metering);
  }, 60_000);
});

describe('while the database stands still', () => {
  /** Stops the server's processes that serve this test. @returns what has them go on */
  async function stopSessions(): Promise<() => void> {
    const { rows } = await asAdmin((admin) =>
      admin.query<{ pid: number }>("SELECT pid FROM pg_stat_activity WHERE application_name = 'test'"),
    );
    const pids = [backbone.postgres.pid, ...rows.map(({ pid }) => pid)];
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    return () => pids.forEach((pid) => process.kill(pid, 'SIGCONT'));
  }

  test('whoever has waited long enough is told that nobody knows, not that others hold the money', async () => {
    const team = await fund(1_000);
    const desk = await deskOf(team, hurried);
    const goOn = await stopSessions();
    try {
      const told = outcomes(
        desk,
        Array.from({ length: 10 }, () => order(team, 10)),
      );
      let isTold = false;
      void told.then(() => (isTold = true));
      await eventually(
        () => {
          desk.tidy(Date.now(), () => false);
          expect(isTold).toBe(true);
        },
        { timeoutMs: 20_000 },
      );
      expect(new Set(await told)).toEqual(new Set(['unknown']));
    } finally {
      goOn();
    }
    await eventually(async () => expect(await outcome(desk, order(team, 10))).toBe('held'), { timeoutMs: 15_000 });
    desk.close();
  }, 30_000);
});
