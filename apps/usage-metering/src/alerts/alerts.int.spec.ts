import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { alertChanged, bookMoney, listAlerts, setAlerts, tellAlert, type Alert, type TeamId } from '@orgn/contracts';
import { eventually, playResponder, startBackbone, type Backbone, type TestService } from '@orgn/testing';
import { Client } from 'pg';
import { migrations } from '../migrations/index.ts';
import { usageMeteringService } from '../service.ts';
import { makeUsageEvent } from '../usage/make.ts';
import { Witnesses } from '../usage/testing/witnesses.ts';
import { AlertWatch } from './alert-watch.ts';

const schema = 'usage_metering';
let backbone: Backbone;
let service: TestService;
let witnesses: Witnesses;
let database: Client;
let teams = 0;
let isAway = false;
let cannotHear: TeamId | undefined;
const told: Alert[] = [];
const heard: Alert[] = [];

beforeAll(async () => {
  backbone = await startBackbone([{ name: schema, migrations }]);
  const parts = { instance: 'usage-metering-1', schema, more: { BILLING: 'prepaid' } };
  service = await backbone.start(usageMeteringService, parts);
  playResponder(backbone.bus, tellAlert, (alert) => {
    if (isAway || alert.teamId === cannotHear) throw new Error('away');
    told.push(alert);
    return {};
  });
  backbone.bus.listen(alertChanged, ({ alerts }) => void heard.push(...alerts));
  await backbone.bus.connection.flush();
  witnesses = new Witnesses(backbone.bus);
  database = new Client({ connectionString: backbone.postgres.adminUrl });
  await database.connect();
  await database.query('SET search_path TO usage_metering');
});
afterAll(async () => {
  witnesses.close();
  await database.end();
  await backbone.stop();
});

const newTeam = () => `team_warned-${(teams += 1)}` as TeamId;
const credit = (teamId: TeamId, amount: string) => {
  const booking = { kind: 'credit', reason: 'because', actor: 'operator:test' } as const;
  return backbone.bus.ask(bookMoney, { ...booking, teamId, amount, idempotencyKey: crypto.randomUUID() });
};
const use = async (teamId: TeamId, costNanoUsd: number) => {
  await witnesses.publish(makeUsageEvent({ teamId, costNanoUsd }));
  await eventually(() => expect(witnesses.unsettled).toBe(0));
  await look();
};
const look = () => service.app.get(AlertWatch, { strict: false }).look();
const openOf = async (teamId: TeamId) => {
  const { alerts } = await backbone.bus.ask(listAlerts, { teamId });
  return alerts.filter(({ closedAt }) => closedAt === null).map(({ kind, percent }) => `${kind} ${percent}`);
};
const toldOf = (teamId: TeamId) => told.filter((alert) => alert.teamId === teamId).map(({ percent }) => percent);

describe('a balance that is used up', () => {
  test('is told of once at each share of what it was when money last came in', async () => {
    const teamId = newTeam();
    await credit(teamId, '0.000001000');
    await look();
    await use(teamId, 490);
    expect(await openOf(teamId)).toEqual([]);
    await use(teamId, 20);
    await use(teamId, 20);
    expect([await openOf(teamId), toldOf(teamId)]).toEqual([['balance 50'], [50]]);
    await use(teamId, 470);
    expect((await openOf(teamId)).sort()).toEqual(['balance 100', 'balance 50', 'balance 80']);
    // Of several at once, people hear of the largest.
    expect(toldOf(teamId)).toEqual([50, 100]);
    await credit(teamId, '0.000002000');
    await look();
    expect(await openOf(teamId)).toEqual([]);
    const closed = () => heard.filter((alert) => alert.teamId === teamId && alert.closedAt !== null);
    await eventually(() => expect(closed()).toHaveLength(3));
    await use(teamId, 1_000);
    expect([await openOf(teamId), toldOf(teamId)]).toEqual([['balance 50'], [50, 100, 50]]);
  });

  test('is told of once, though telling of another one fails', async () => {
    const [first, second] = [newTeam(), newTeam()];
    for (const teamId of [first, second]) await credit(teamId, '0.000001000');
    await look();
    cannotHear = second;
    for (const teamId of [first, second]) await use(teamId, 600);
    await look();
    expect([toldOf(first), toldOf(second)]).toEqual([[50], []]);
    cannotHear = undefined;
    await look();
    expect([toldOf(first), toldOf(second)]).toEqual([[50], [50]]);
  });

  test('is told of when whoever tells has come back', async () => {
    const teamId = newTeam();
    await credit(teamId, '0.000001000');
    await look();
    isAway = true;
    await use(teamId, 600);
    expect(toldOf(teamId)).toEqual([]);
    isAway = false;
    await look();
    expect(toldOf(teamId)).toEqual([50]);
  });
});

describe('a limit that does not cover a request any more', () => {
  const month = new Date(new Date().toISOString().slice(0, 7));
  const cap = (teamId: TeamId, nanoUsd: number) =>
    database.query('SELECT open_scopes($1, $2, $3, $4, $5, $6)', [
      ...[[teamId], ['team'], [''], ['month'], [month], [nanoUsd]],
    ]);
  const refuse = (teamId: TeamId, nanoUsd: bigint) => {
    const scope = { kind: 'team', subject: '', period: 'month', startsAt: month } as const;
    service.app.get(AlertWatch, { strict: false }).refused({ teamId, ...scope, nanoUsd });
    return look();
  };

  test('is told of as one that is used up, once, until it is raised', async () => {
    const teamId = newTeam();
    await cap(teamId, 1_000);
    await use(teamId, 900);
    expect(toldOf(teamId)).toEqual([80]);
    await refuse(teamId, 200n);
    await refuse(teamId, 200n);
    await use(teamId, 1);
    expect([(await openOf(teamId)).sort(), toldOf(teamId)]).toEqual([
      ['team 100', 'team 50', 'team 80'],
      [80, 100],
    ]);
    await cap(teamId, 1_500);
    await use(teamId, 1);
    expect(await openOf(teamId)).toEqual(['team 50']);
  });

  test('is not, when the whole of it would not have covered that request, or it is there by now', async () => {
    const teamId = newTeam();
    await cap(teamId, 1_000);
    await use(teamId, 10);
    await refuse(teamId, 1_001n);
    await refuse(teamId, 990n);
    expect(await openOf(teamId)).toEqual([]);
  });
});

describe('a budget', () => {
  test('is told of at the shares that the team has chosen, and no more once it is raised', async () => {
    const teamId = newTeam();
    const chosen = await backbone.bus.ask(setAlerts, { teamId, percents: [90, 25, 90] });
    expect(chosen).toEqual({ before: [50, 80, 100], after: [25, 90] });
    const month = new Date(new Date().toISOString().slice(0, 7));
    const cap = (nanoUsd: number) =>
      database.query('SELECT open_scopes($1, $2, $3, $4, $5, $6)', [
        ...[[teamId], ['team'], [''], ['month'], [month], [nanoUsd]],
      ]);
    await cap(1_000);
    await use(teamId, 300);
    expect([await openOf(teamId), toldOf(teamId)]).toEqual([['team 25'], [25]]);
    await cap(10_000);
    await use(teamId, 1);
    expect(await openOf(teamId)).toEqual([]);
  });
});
