import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTeam, issueKey } from '@orgn/contracts';
import { eventually, schemaDrift, startBackbone, type Backbone, type TestService } from '@orgn/testing';
import { migrations } from '../migrations/index.ts';
import { authService } from '../service.ts';
import { TeamEntity } from './team.entity.ts';

let backbone: Backbone;
let auth: TestService;

beforeAll(async () => {
  backbone = await startBackbone([{ name: 'auth', migrations }]);
  auth = await backbone.start(authService, { instance: 'auth-1', schema: 'auth', servesHttp: true });
});

afterAll(() => backbone.stop());

const create = (id: string, name: string) => backbone.bus.ask(createTeam, { id, name });

describe('teams.create', () => {
  test('makes a team', async () => {
    const before = Date.now() - 1_000;
    const { createdAt, ...team } = await create('team_acme', ' Acme ');
    expect(team).toEqual({ id: 'team_acme', name: 'Acme' });
    expect(Date.parse(createdAt)).toBeGreaterThan(before);
  });

  test('answers the team as it is when it is there already', async () => {
    const first = await create('team_once', 'First');
    expect(await create('team_once', 'Second')).toEqual(first);
  });

  test('makes one team for any number of askers at the same time', async () => {
    const teams = await Promise.all(Array.from({ length: 20 }, (_, index) => create('team_race', `Name ${index}`)));
    expect(new Set(teams.map(({ name }) => name)).size).toBe(1);
  });

  test.each([
    ['id', 'acme', 'Acme'],
    ['id', 'team_UPPER', 'Acme'],
    ['name', 'team_acme', ' '],
    ['name', 'team_acme', 'nul \u0000'],
  ])('refuses a bad %s', async (param, id, name) => {
    await expect(create(id, name)).rejects.toMatchObject({ code: 'invalid_request', param });
  });

  test('says that the service is unavailable while the database is down, and recovers with it', async () => {
    await backbone.postgres.crash();
    await expect(create('team_later', 'Later')).rejects.toMatchObject({ code: 'service_unavailable' });
    const issue = backbone.bus.ask(issueKey, { teamId: 'team_acme', name: 'CI' });
    await expect(issue).rejects.toMatchObject({ code: 'service_unavailable' });
    const failing = { isOk: false, checks: { postgres: 'failing' } };
    await eventually(async () => expect(await auth.health.run()).toMatchObject(failing));
    await backbone.postgres.start();
    await eventually(async () => expect(await create('team_later', 'Later')).toMatchObject({ name: 'Later' }));
  });
});

describe('the table teams', () => {
  test('is what the entity says', async () => {
    expect(await schemaDrift(backbone.postgres.urlOf('auth'), [TeamEntity])).toEqual([]);
  });
});
