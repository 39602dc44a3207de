import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import { eventStream, listUsage, usageRecorded, usageSettled, type UsageEvent, type UsageRow } from '@orgn/contracts';
import { EventPublisher, ServiceLog } from '@orgn/service-kit';
import { eventually, startBackbone, testEnvironment, type Backbone } from '@orgn/testing';
import { Client } from 'pg';
import { migrations } from '../migrations/index.ts';
import { makeRequestId, makeUsageEvent } from './make.ts';

const schema = 'usage_metering';
const app = join(import.meta.dirname, '../..');
const repository = join(app, '../..');

let backbone: Backbone;
let publisher: EventPublisher<typeof usageRecorded>;
const running = new Set<Metering>();
const settled: { ids: string[]; rows: UsageRow[] } = { ids: [], rows: [] };

interface Metering {
  child: ChildProcess;
  opsUrl: string;
}

beforeAll(async () => {
  execFileSync(process.execPath, [join(repository, 'node_modules/typescript/bin/tsc'), '-b', app]);
  backbone = await startBackbone([{ name: schema, migrations }]);
  const { connection } = backbone.bus;
  publisher = new EventPublisher(connection, usageRecorded, new ServiceLog('test', 'test-1', 'error'));
  backbone.bus.listen(usageSettled, ({ eventIds, rows }) => {
    settled.ids.push(...eventIds);
    settled.rows.push(...rows);
    publisher.settle(eventIds);
  });
});

afterEach(async () => {
  for (const metering of running) await end(metering, 'SIGKILL');
});

afterAll(async () => {
  publisher.close();
  await backbone.stop();
});

/** The real process: only that can be killed. */
async function startMetering(instance = 'usage-metering-1'): Promise<Metering> {
  const { nats, postgres } = backbone;
  const env = await testEnvironment({ instance, nats, database: { postgres, schema } });
  const child = spawn(process.execPath, [join(app, 'dist/main.js')], { env, stdio: 'ignore' });
  const metering = { child, opsUrl: `http://127.0.0.1:${env.OPS_PORT ?? ''}` };
  running.add(metering);
  await eventually(async () => expect(await health(metering)).toMatchObject({ status: 'ok', pid: child.pid }), {
    timeoutMs: 15_000,
  });
  return metering;
}

async function end(metering: Metering, signal: NodeJS.Signals): Promise<number | null> {
  running.delete(metering);
  const exited = once(metering.child, 'exit') as Promise<[number | null]>;
  metering.child.kill(signal);
  return (await exited)[0];
}

async function health({ opsUrl }: Metering): Promise<unknown> {
  return (await fetch(`${opsUrl}/health`)).json();
}

async function counter({ opsUrl }: Metering, name: string): Promise<number> {
  const text = await (await fetch(`${opsUrl}/metrics`)).text();
  return Number(new RegExp(`^${name}\\{.*\\} (\\d+)$`, 'm').exec(text)?.[1]);
}

const publish = (...events: UsageEvent[]) => Promise.all(events.map((event) => publisher.publish(event.id, event)));
const eventsOf = (teamId: string, count: number) =>
  Array.from({ length: count }, () => makeUsageEvent({ teamId, requestId: makeRequestId() }));
const idsOf = (rows: { requestId: string }[]) => rows.map((row) => row.requestId).sort();
const idsIn = (events: UsageEvent[]) => idsOf(events.map((event) => event.data));

/** Waits until a team's table holds exactly these requests, once each. */
async function expectRows(teamId: string, events: UsageEvent[], timeoutMs = 15_000): Promise<void> {
  await eventually(
    async () => expect(idsOf((await backbone.bus.ask(listUsage, { teamId })).rows)).toEqual(idsIn(events)),
    { timeoutMs },
  );
}

async function asAdmin<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: backbone.postgres.adminUrl });
  await client.connect();
  return work(client).finally(() => client.end());
}

async function consumers() {
  return (await jetstreamManager(backbone.bus.connection)).consumers;
}

describe('settling events', () => {
  test('makes one row a request and tells publishers every event, live views every row, once', async () => {
    await startMetering();
    const events = eventsOf('team_once', 20);
    await publish(...events, ...events);
    await publish(...events);
    await expectRows('team_once', events);
    await eventually(() => expect(publisher.unsettled).toBe(0));
    expect(idsOf(settled.rows.filter((row) => row.teamId === 'team_once'))).toEqual(idsIn(events));
    expect(settled.ids).toEqual(expect.arrayContaining(events.map((event) => event.id)));
  });

  test("lets the router's word replace the gateway's, and announces the changed row", async () => {
    await startMetering();
    const requestId = makeRequestId();
    const seen = makeUsageEvent({ teamId: 'team_words', requestId, outcome: 'cancelled', completionTokens: 2 }, 'gateway');
    const counted = makeUsageEvent({ teamId: 'team_words', requestId, completionTokens: 9 }, 'router');
    const announced = () => settled.rows.filter((row) => row.teamId === 'team_words').map((row) => row.completionTokens);
    await publish(seen);
    await eventually(() => expect(announced()).toEqual([2]));
    await publish(counted);
    await eventually(() => expect(announced()).toEqual([2, 9]));
    await publish(seen);
    await eventually(() => expect(publisher.unsettled).toBe(0));
    expect(announced()).toEqual([2, 9]);
  });

  test('takes over within seconds what a stopped instance had not settled, and exits 0', async () => {
    const first = await startMetering();
    const events = eventsOf('team_handover', 500);
    const published = publish(...events);
    expect(await end(first, 'SIGTERM')).toBe(0);
    await published;
    await startMetering('usage-metering-2');
    await expectRows('team_handover', events);
  });
});

describe('losing nothing', () => {
  test('events that come while the database is down are settled when it is back, without a restart', async () => {
    const metering = await startMetering();
    await backbone.postgres.crash();
    const events = eventsOf('team_outage', 30);
    await publish(...events);
    await eventually(async () => expect(await health(metering)).toMatchObject({ checks: { database: 'failing' } }));
    expect(publisher.unsettled).toBe(30);
    await backbone.postgres.start();
    await expectRows('team_outage', events);
    await eventually(async () => expect(await health(metering)).toMatchObject({ status: 'ok' }));
  });

  test('a process killed between commit and acknowledgement leaves one row: the redelivered event changes nothing', async () => {
    const first = await startMetering('usage-metering-1');
    const event = makeUsageEvent({ teamId: 'team_killed' });
    const held = await asAdmin(async (admin) => {
      await admin.query('BEGIN');
      await admin.query('LOCK TABLE usage_metering.usage_rows IN SHARE MODE');
      await publish(event);
      const waiting = "SELECT 1 FROM pg_stat_activity WHERE application_name = 'usage-metering-1' AND wait_event_type = 'Lock'";
      await eventually(async () => expect((await admin.query(waiting)).rowCount).toBe(1));
      // The commit is Postgres's from here on; the process that would acknowledge does not run any more.
      first.child.kill('SIGSTOP');
      await admin.query('COMMIT');
      const row = 'SELECT 1 FROM usage_metering.usage_rows WHERE request_id = $1';
      await eventually(async () => expect((await admin.query(row, [event.data.requestId])).rowCount).toBe(1));
      await end(first, 'SIGKILL');
      return true;
    });
    expect(held).toBe(true);
    // The server would wait 30 s for the acknowledgement: shortened, so that the test need not.
    await (await consumers()).update(eventStream.name, 'usage-metering', { ack_wait: nanos(300) });
    const second = await startMetering('usage-metering-2');
    await eventually(async () => expect(await counter(second, 'orgn_usage_events_duplicate_total')).toBe(1));
    await expectRows('team_killed', [event]);
    const unacknowledged = async () => (await (await consumers()).info(eventStream.name, 'usage-metering')).num_ack_pending;
    await eventually(async () => expect(await unacknowledged()).toBe(0));
    await eventually(() => expect(publisher.unsettled).toBe(0));
  });
});
