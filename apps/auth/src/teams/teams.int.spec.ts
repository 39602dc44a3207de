import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { bookMoney, verifyKey, type TeamId } from '@orgn/contracts';
import { schemaDrift } from '@orgn/testing';
import { toKeyDigest } from '../keys/key-secret.ts';
import { Metering } from '../testing/metering.ts';
import { TeamHost, type TestTeam } from '../testing/team-host.ts';
import { UserEntity } from '../users/user.entity.ts';
import { PersonalTeams } from './personal-teams.ts';
import { TeamEntity } from '../roster/team.entity.ts';

let host: TeamHost;
let metering: Metering;
let team: TestTeam;

beforeAll(async () => {
  host = await TeamHost.start();
  metering = await Metering.beside(host.auth);
});

beforeEach(async () => {
  team = await host.team();
});

afterAll(async () => {
  await metering.close();
  await host.stop();
});

const path = () => `/api/teams/${team.id}`;
const verify = (key: string) => host.auth.backbone.bus.ask(verifyKey, { digest: toKeyDigest(key) });

describe('a team', () => {
  test('begins with its maker as owner, usual settings and a good standing', async () => {
    const person = await host.person();
    const { status, body } = await host.call(person, 'POST', '/api/teams', { name: '  Zebra 🦓  ' });
    expect(status).toBe(201);
    expect(body).toMatchObject({ name: 'Zebra 🦓', role: 'owner', standing: 'active', suspensionReason: null });
    expect(body.settings).toEqual({ membersMayCreateKeys: true, defaultExecutionPolicy: 'any', leakAction: 'revoke' });
    expect((await host.call(person, 'GET', '/api/teams')).body.data).toMatchObject([{ id: body.id, role: 'owner' }]);
    expect((await host.call(person, 'GET', '/api/session')).body.teams).toMatchObject([
      { id: body.id, name: 'Zebra 🦓' },
    ]);
  });

  test('is renamed and set up; the log says what changed and only that', async () => {
    const changes = { name: 'Better', settings: { leakAction: 'disable' } };
    expect(await host.call(team.admin, 'PATCH', path(), changes)).toMatchObject({
      status: 200,
      body: { name: 'Better', settings: { leakAction: 'disable', membersMayCreateKeys: true } },
    });
    const before = { name: 'Acme', leakAction: 'revoke' };
    const entries = await host.entries(team);
    expect(entries.at(-1)).toMatchObject({
      action: 'team.updated',
      before,
      after: { name: 'Better', leakAction: 'disable' },
    });
    await host.call(team.admin, 'PATCH', path(), changes);
    expect(await host.entries(team)).toHaveLength(entries.length);
  });

  test('with keys in use is deleted only by who knows which ones are lost', async () => {
    const { key } = await host.key(team, team.member, { name: 'production' });
    const refused = await host.call(team.owner, 'DELETE', path());
    expect([refused.status, refused.body.code]).toEqual([409, 'confirmation_required']);
    expect(refused.body.detail).toContain('production');
    await expect(verify(key)).resolves.toBeDefined();
    expect(await host.call(team.owner, 'DELETE', path(), { confirm: true })).toMatchObject({ status: 204 });
    await expect(verify(key)).rejects.toMatchObject({ code: expect.stringMatching(/key_revoked|team_suspended/) });
    expect(await host.call(team.owner, 'GET', path())).toMatchObject({ status: 404 });
    expect((await host.entries(team)).at(-1)).toMatchObject({
      action: 'team.deleted',
      before: { name: 'Acme', keys: 1 },
    });
  });

  test('with a balance is deleted only by who knows how much is lost', async () => {
    const booking = { kind: 'credit', amount: '12.5', reason: 'because', actor: 'operator:test' } as const;
    await host.auth.backbone.bus.ask(bookMoney, { ...booking, teamId: team.id, idempotencyKey: 'one' });
    const refused = await host.call(team.owner, 'DELETE', path());
    expect([refused.status, refused.body.code]).toEqual([409, 'confirmation_required']);
    expect(refused.body.detail).toContain('Its balance of 12.500000000 USD would be lost.');
    expect(await host.call(team.owner, 'DELETE', path(), { confirm: true })).toMatchObject({ status: 204 });
  });

  test('without keys is deleted without a question, and never lives again under its id', async () => {
    expect(await host.call(team.owner, 'DELETE', path())).toMatchObject({ status: 204 });
    const { createTeam } = await import('@orgn/contracts');
    const again = host.auth.backbone.bus.ask(createTeam, { id: team.id, name: 'Acme' });
    await expect(again).rejects.toMatchObject({ code: 'invalid_request' });
  });

  test('stays while the registry cannot be reached', async () => {
    await host.stopRegistry();
    expect(await host.call(team.owner, 'DELETE', path(), { confirm: true })).toMatchObject({ status: 503 });
    await host.startRegistry();
    expect(await host.call(team.owner, 'GET', path())).toMatchObject({ status: 200 });
  });
});

describe('somebody’s first sign-in', () => {
  test('gives them a team of their own, in the sign-in’s own transaction', async () => {
    const { userId } = await host.person();
    const personal = host.auth.service.app.get(PersonalTeams, { strict: false });
    const { DataSource } = await import('typeorm');
    const source = host.auth.service.app.get(DataSource, { strict: false });
    const user = await source.manager.findOneByOrFail(UserEntity, { id: userId });
    const failing = source.manager.transaction(async (manager) => {
      await personal.welcome(user, manager);
      throw new Error('the sign-in failed');
    });
    await expect(failing).rejects.toThrow('the sign-in failed');
    expect(await personal.of(userId)).toEqual([]);
    await source.manager.transaction((manager) => personal.welcome(user, manager));
    const teams = await personal.of(userId);
    expect(teams).toEqual([{ id: expect.any(String), name: "Some Body's team", role: 'owner' }]);
    expect(await host.entries({ id: teams[0]?.id as TeamId })).toMatchObject([
      { action: 'team.created', actor_id: userId },
    ]);
  });

  test('leaves the team that somebody was put into before where they begin', async () => {
    const personal = host.auth.service.app.get(PersonalTeams, { strict: false });
    const { createTeam, enrolMember } = await import('@orgn/contracts');
    const [sub, email] = ['put-in-before', 'before@orgn.test'];
    // Behind whatever id the team has that comes with the sign-in.
    const { id } = await host.auth.backbone.bus.ask(createTeam, { id: 'team_zzz', name: 'Before' });
    await host.auth.backbone.bus.ask(enrolMember, { teamId: id, sub, email, name: 'Bea', role: 'member' });
    const { DataSource } = await import('typeorm');
    const source = host.auth.service.app.get(DataSource, { strict: false });
    const user = await source.manager.findOneByOrFail(UserEntity, { sub });
    await source.manager.transaction((manager) => personal.welcome(user, manager));
    expect((await personal.of(user.id)).map(({ name }) => name)).toEqual(['Before', "Bea's team"]);
  });

  test('names the team whatever the person is called', async () => {
    const personal = host.auth.service.app.get(PersonalTeams, { strict: false });
    const { DataSource } = await import('typeorm');
    const source = host.auth.service.app.get(DataSource, { strict: false });
    for (const name of ['', '🦓'.repeat(200), 'x'.repeat(255)]) {
      const { userId } = await host.person();
      const user = { ...(await source.manager.findOneByOrFail(UserEntity, { id: userId })), name };
      await source.manager.transaction((manager) => personal.welcome(user, manager));
      expect((await personal.of(userId))[0]?.name).toMatch(/team$/);
    }
  });
});

describe('the table teams', () => {
  test('is what the entity says', async () => {
    expect(await schemaDrift(host.auth.backbone.postgres.urlOf('auth'), [TeamEntity])).toEqual([]);
  });
});
