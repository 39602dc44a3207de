import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import {
  listUsage,
  usageChanged,
  usageSettled,
  usageStream,
  type RequestId,
  type UsageEvent,
  type UsageRow,
} from '@orgn/contracts';
import { eventually, startBackbone, testEnvironment, type Backbone, type TestService } from '@orgn/testing';
import { Client } from 'pg';
import { migrations } from '../migrations/index.ts';
import { usageMeteringService } from '../service.ts';
import { makeRequestId, makeUsageEvent } from './make.ts';
import { Witnesses } from './testing/witnesses.ts';

const schema = 'usage_metering';
const app = join(import.meta.dirname, '../..');
const compiler = join(app, '../../node_modules/typescript/bin/tsc');

let backbone: Backbone;
let witnesses: Witnesses;
const settled: { ids: string[]; rows: UsageRow[] } = { ids: [], rows: [] };

beforeAll(async () => {
  backbone = await startBackbone([{ name: schema, migrations }]);
  const { bus } = backbone;
  witnesses = new Witnesses(bus);
  bus.listen(usageSettled, ({ eventIds }) => void settled.ids.push(...eventIds));
  bus.listen(usageChanged, ({ rows }) => void settled.rows.push(...rows));
});

afterAll(async () => {
  witnesses.close();
  await backbone.stop();
});

const startMetering = (instance = 'usage-metering-1') =>
  backbone.start(usageMeteringService, { instance, schema, more: { LOG_LEVEL: 'error' } });
const publish = (...events: UsageEvent[]) => witnesses.publish(...events);
const eventsOf = (teamId: string, count: number) =>
  Array.from({ length: count }, () => makeUsageEvent({ teamId, requestId: makeRequestId() }));
const idsOf = (rows: { requestId: string }[]) => rows.map((row) => row.requestId).sort();
const idsIn = (events: UsageEvent[]) => idsOf(events.map((event) => event.data));
const announcedOf = (teamId: string) => settled.rows.filter((row) => row.teamId === teamId);

/** Waits until a team's table holds exactly these requests, once each. */
function expectRows(teamId: string, events: UsageEvent[]): Promise<void> {
  const compare = async () => expect(idsOf(await allRowsOf(teamId))).toEqual(idsIn(events));
  return eventually(compare);
}

async function allRowsOf(teamId: string): Promise<UsageRow[]> {
  const rows: UsageRow[] = [];
  for (let cursor: RequestId | null | undefined; cursor !== null;) {
    const page = await backbone.bus.ask(listUsage, { teamId, cursor: cursor ?? null });
    rows.push(...page.rows);
    cursor = page.next;
  }
  return rows;
}

/** Waits until JetStream waits for nothing: what happens from here on is this test's. */
async function expectAcknowledged(unacknowledged = 0): Promise<void> {
  const { consumers } = await jetstreamManager(backbone.bus.connection);
  const compare = async () =>
    expect((await consumers.info(usageStream.name, usageStream.durable)).num_ack_pending).toBe(unacknowledged);
  await eventually(compare);
}

describe('settling events', () => {
  let metering: TestService;

  beforeAll(async () => {
    metering = await startMetering();
  });

  afterAll(() => backbone.end(metering));

  test('makes one row a request and tells publishers of every event, live views of every row once', async () => {
    const events = eventsOf('team_once', 20);
    await publish(...events, ...events);
    await publish(...events);
    await expectRows('team_once', events);
    await eventually(() => expect(witnesses.unsettled).toBe(0));
    expect(idsOf(announcedOf('team_once'))).toEqual(idsIn(events));
    expect(settled.ids).toEqual(expect.arrayContaining(events.map((event) => event.id)));
  });

  test("lets the router's word replace the gateway's, and announces the changed row", async () => {
    const usage = { teamId: 'team_words', requestId: makeRequestId() };
    const seen = makeUsageEvent({ ...usage, outcome: 'cancelled', completionTokens: 2 }, 'gateway');
    const counted = makeUsageEvent({ ...usage, completionTokens: 9 }, 'router');
    const announced = () => announcedOf('team_words').map((row) => row.completionTokens);
    await publish(seen);
    await eventually(() => expect(announced()).toEqual([2]));
    await publish(counted);
    await eventually(() => expect(announced()).toEqual([2, 9]));
    // By another process, as after a restart: the same one's repetition the server drops.
    const again = new Witnesses(backbone.bus);
    await again.publish(seen);
    await eventually(() => expect(again.unsettled).toBe(0));
    again.close();
    await eventually(() => expect(witnesses.unsettled).toBe(0));
    expect(announced()).toEqual([2, 9]);
  });

  test('catches up without a restart on what came while the database was down', async () => {
    const checks = async () => (await metering.health.run()).checks;
    await backbone.postgres.crash();
    const events = eventsOf('team_outage', 30);
    await publish(...events);
    await eventually(async () => expect(await checks()).toMatchObject({ database: 'failing', nats: 'ok' }));
    expect(witnesses.unsettled).toBe(30);
    await backbone.postgres.start();
    await expectRows('team_outage', events);
    await eventually(async () => expect(await checks()).toMatchObject({ database: 'ok' }));
  });

  test('hands what a stopped replica had not settled to another one at once', async () => {
    const leaving = await startMetering('usage-metering-2');
    const events = eventsOf('team_handover', 500);
    const published = publish(...events);
    await backbone.end(leaving);
    await published;
    await expectRows('team_handover', events);
    await expectAcknowledged();
  });
});

describe('kill -9', () => {
  test('between commit and acknowledgement leaves one row: the redelivered event changes nothing', async () => {
    execFileSync(process.execPath, [compiler, '-b', app]);
    const killed = await startProcess('usage-metering-3');
    try {
      await expectAcknowledged();
      const event = makeUsageEvent({ teamId: 'team_killed' });
      await killBeforeAcknowledgement(killed, event);
      await expectAcknowledged(1);
      const second = await startMetering('usage-metering-4');
      const { consumers } = await jetstreamManager(backbone.bus.connection);
      await eventually(async () => {
        // The server would wait 30 s for the acknowledgement: shortened, so that the test need not.
        await consumers.update(usageStream.name, usageStream.durable, { ack_wait: nanos(300) });
        expect(await duplicatesOf(second)).toBe(1);
      });
      await expectRows('team_killed', [event]);
      await expectAcknowledged();
      await eventually(() => expect(witnesses.unsettled).toBe(0));
    } finally {
      killed.kill('SIGKILL');
    }
  });
});

/** The real process: only that can be killed. */
async function startProcess(instance: string): Promise<ChildProcess> {
  const { nats, postgres } = backbone;
  const env = await testEnvironment({ instance, nats, database: { postgres, schema } });
  const child = spawn(process.execPath, [join(app, 'dist/main.js')], { env, stdio: 'ignore' });
  const health = async () => (await fetch(`http://127.0.0.1:${env.OPS_PORT ?? ''}/health`)).json();
  await eventually(async () => expect(await health()).toMatchObject({ status: 'ok', pid: child.pid }), {
    timeoutMs: 15_000,
  });
  return child;
}

/** Publishes an event and kills the process that settles it once the row is committed, before it can say so. */
async function killBeforeAcknowledgement(metering: ChildProcess, event: UsageEvent): Promise<void> {
  const admin = new Client({ connectionString: backbone.postgres.adminUrl });
  await admin.connect();
  try {
    const isFound = async (query: string) => expect((await admin.query(query)).rowCount).toBe(1);
    await admin.query('BEGIN; LOCK TABLE usage_metering.usage_rows IN SHARE MODE');
    await publish(event);
    await eventually(() =>
      isFound("SELECT FROM pg_stat_activity WHERE application_name = 'usage-metering-3' AND wait_event_type = 'Lock'"),
    );
    // The commit is Postgres's from here on; the process that would acknowledge it does not run any more.
    metering.kill('SIGSTOP');
    await admin.query('COMMIT');
    await eventually(() =>
      isFound(`SELECT FROM usage_metering.usage_rows WHERE request_id = '${event.data.requestId}'`),
    );
    metering.kill('SIGKILL');
    if (metering.exitCode === null && metering.signalCode === null) await once(metering, 'exit');
  } finally {
    await admin.end();
  }
}

async function duplicatesOf(service: TestService): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${service.config.OPS_PORT}/metrics`)).text();
  return Number(/^orgn_usage_events_duplicate_total\{.*\} (\d+)$/m.exec(text)?.[1]);
}
