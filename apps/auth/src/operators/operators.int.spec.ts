import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { consoleRoutes } from '@orgn/console-api';
import { eventually } from '@orgn/testing';
import type { Person } from '../testing/auth-host.ts';
import { Metering } from '../testing/metering.ts';
import { measurementId } from '../testing/played-measurements.ts';
import { roles, TeamHost, type TestTeam } from '../testing/team-host.ts';

let host: TeamHost;
let metering: Metering;
let operator: Person;
let team: TestTeam;

beforeAll(async () => {
  host = await TeamHost.start({ OPERATOR_GROUPS: 'operators', OPERATORS: 'sub-of-an-operator' });
  const statements = { tcb_info: 'answered', pck_crl: 'failed' } as const;
  host.playRouters([], { providers: { near: { health: 'failing', circuit: 'open' } }, statements });
  metering = await Metering.beside(host.auth);
  operator = await host.auth.person({ operates: 'operators' });
  team = await host.team();
});

afterAll(async () => {
  await metering.close();
  await host.stop();
});

const read = (path: string, person = operator) => host.call(person, 'GET', `/api/operator/${path}`);

describe('what operators see and do', () => {
  const routes = consoleRoutes.filter(({ access }) => access.isOperator);

  test.each(routes.map((route) => [route.name, route] as const))(
    '%s does not exist for anybody else',
    async (_, route) => {
      const path = route.path.replace('{teamId}', team.id).replace('{measurementId}', measurementId('a'));
      const body = { reason: 'because' };
      const ask = (person?: Person) => host.call(person, route.method, path, route.method === 'GET' ? undefined : body);
      const nowhere = await host.call(team.owner, route.method, '/api/nowhere');
      for (const role of roles) {
        const { status, body: told } = await ask(team[role]);
        expect([status, told.code, told.detail]).toEqual([nowhere.status, 'not_found', nowhere.body.detail]);
      }
      expect((await ask(await host.auth.person({ operates: 'former-operators' }))).status).toBe(404);
      expect((await ask()).status).toBe(401);
    },
  );

  test('is theirs by what the provider calls them, or by a group, and their session says so', async () => {
    const named = await host.person();
    await host.auth.database.query(`UPDATE sessions SET sub = 'sub-of-an-operator' WHERE id = $1`, [named.sessionId]);
    for (const person of [operator, named]) {
      expect((await read('services', person)).status).toBe(200);
      expect((await host.call(person, 'GET', '/api/session')).body.user).toMatchObject({ isOperator: true });
    }
    expect((await host.call(team.owner, 'GET', '/api/session')).body.user).toMatchObject({ isOperator: false });
  });
});

test('every process is listed with its release and what is wrong with it', async () => {
  await eventually(async () => {
    const { body } = await read('services');
    expect(body.data.map(({ service, instance, state }) => [service, instance, state])).toEqual([
      ['auth', 'auth-1', 'well'],
      ['key-registry', 'key-registry-1', 'well'],
      ['usage-metering', 'usage-metering-1', 'well'],
    ]);
    expect(body.data.at(-1)).toMatchObject({ version: expect.stringMatching(/^\d+\.\d+\.\d+/), faults: {} });
  });
});

test('routers are listed with the circuits of their providers, beside the catalogue that each dispatches by', async () => {
  expect((await read('routers')).body.data).toEqual([
    {
      router: 'router-1',
      catalogueVersion: 'v1',
      takesUnverified: true,
      providers: [{ provider: 'near', health: 'failing', circuit: 'open' }],
      unanswered: ['pck_crl'],
    },
  ]);
  const { body } = await read('catalogue');
  expect(body).toMatchObject({ version: 'v1', models: [], routers: [{ router: 'router-1', version: 'v1' }] });
});

test('usage is everybody’s, and the total is the sum of the groups', async () => {
  const other = await host.team();
  for (const { id } of [team, other]) await metering.use({ teamId: id, keyId: `key_${'1'.repeat(32)}` });
  const { body } = await read('usage?range=24h');
  expect(body.total).toMatchObject({ requests: 2, costUsd: '0.000002000' });
  expect(body.groups).toMatchObject([{ name: 'near_qwen3_30b', sums: body.total }]);
  const { body: byTeam } = await read('usage?range=24h&by=team');
  expect(byTeam.total).toEqual(body.total);
  expect(byTeam.groups).toHaveLength(2);
  expect(byTeam.groups).toContainEqual({
    name: team.id,
    label: 'Acme',
    sums: expect.objectContaining({ requests: 1 }),
  });
});

describe('suspending a team', () => {
  const standing = (path: string, body?: object, person = operator) =>
    host.call(person, 'POST', `/api/operator/teams/${team.id}/${path}`, body);
  const bystanders = async () =>
    (await host.entries(team)).filter(({ action }) => /suspended|resumed/.test(String(action)));

  test('needs a reason, and a recent sign-in', async () => {
    expect((await standing('suspend', {})).status).toBe(400);
    const tired = await host.auth.person({ operates: 'operators' });
    await host.age(tired);
    for (const path of ['suspend', 'resume']) {
      expect((await standing(path, path === 'suspend' ? { reason: 'unpaid' } : {}, tired)).body.code).toBe(
        'reauthentication_required',
      );
    }
    expect(await bystanders()).toEqual([]);
  });

  test('shows its people the reason, and the log the person who did it', async () => {
    expect((await standing('suspend', { reason: 'unpaid since May' })).body).toMatchObject({ standing: 'suspended' });
    const shown = { id: team.id, standing: 'suspended', suspensionReason: 'unpaid since May' };
    expect((await read('teams')).body.data).toContainEqual(expect.objectContaining(shown));
    expect((await host.call(team.viewer, 'GET', `/api/teams/${team.id}`)).body).toMatchObject(shown);
    expect((await standing('resume')).body).toMatchObject({ standing: 'active', suspensionReason: null });
    const { body } = await host.call(team.owner, 'GET', `/api/teams/${team.id}/audit?limit=2`);
    const actor = { kind: 'user', id: operator.userId, name: 'Some Body' };
    expect(body.data).toMatchObject([
      { action: 'team.resumed', actor, before: { standing: 'suspended' } },
      { action: 'team.suspended', actor, after: { suspensionReason: 'unpaid since May' } },
    ]);
  });

  test('says when there is no such team', async () => {
    const answer = await host.call(operator, 'POST', '/api/operator/teams/team_nobody/resume');
    expect([answer.status, answer.body.code]).toEqual([404, 'team_not_found']);
  });
});
