import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  createTeam,
  enrolMember,
  issueKey,
  isWellFormedKey,
  listTeams,
  resumeTeam,
  surrenderKey,
  suspendTeam,
  verifyKey,
  withdrawKey,
  type KeyId,
  type RequestContract,
  type TeamId,
} from '@orgn/contracts';
import { eventually } from '@orgn/testing';
import type { z } from 'zod';
import { toKeyDigest } from '../keys/key-secret.ts';
import { TeamHost, type TestTeam } from '../testing/team-host.ts';

let host: TeamHost;
let team: TestTeam;

beforeAll(async () => {
  host = await TeamHost.start();
  team = await host.team();
});

afterAll(() => host.stop());

const ask = <C extends RequestContract>(contract: C, request: z.input<C['request']>) =>
  host.auth.backbone.bus.ask(contract, request);
const verify = (key: string) => ask(verifyKey, { digest: toKeyDigest(key) });
const actionsOf = async (id: string) =>
  (await host.entries({ id: id as TeamId })).map(({ action, actor_kind: by }) => `${String(by)} ${String(action)}`);

describe('teams.create', () => {
  test('makes a team once, for any number of askers, and writes one entry', async () => {
    const requests = Array.from({ length: 20 }, (_, index) =>
      ask(createTeam, { id: 'team_race', name: `Name ${index}` }),
    );
    const teams = await Promise.all(requests);
    expect(new Set(teams.map(({ name }) => name)).size).toBe(1);
    expect(await actionsOf('team_race')).toEqual(['operator team.created']);
  });

  test.each([
    ['id', 'acme', 'Acme'],
    ['id', 'team_UPPER', 'Acme'],
    ['name', 'team_acme', ' '],
    ['name', 'team_acme', 'nul \u0000'],
  ])('refuses a bad %s', async (param, id, name) => {
    await expect(ask(createTeam, { id, name })).rejects.toMatchObject({ code: 'invalid_request', param });
  });
});

describe('teams.enrol', () => {
  test('puts somebody in who has not signed in yet; a repetition sets the role; neither claims a verified address', async () => {
    const enrol = (role: 'admin' | 'member') =>
      ask(enrolMember, { teamId: team.id, sub: 'sub-1', email: 'enrolled@orgn.test', name: 'En Rolled', role });
    await enrol('member');
    await enrol('member');
    await enrol('admin');
    const { rows } = await host.auth.database.query(
      `SELECT iss, email_verified, role FROM users JOIN memberships ON user_id = id WHERE sub = 'sub-1'`,
    );
    expect(rows).toEqual([{ iss: 'http://127.0.0.1:9', email_verified: false, role: 'admin' }]);
    expect((await actionsOf(team.id)).filter((line) => line.includes('enrolled'))).toHaveLength(2);
  });

  test('knows when there is no such team', async () => {
    const request = { teamId: 'team_nobody', sub: 'x', email: 'x@orgn.test', name: 'X', role: 'viewer' } as const;
    await expect(ask(enrolMember, request)).rejects.toMatchObject({ code: 'team_not_found', param: 'teamId' });
  });
});

describe('teams.list', () => {
  test('pages through all teams that are not deleted, newest first', async () => {
    const gone = await host.team();
    await host.call(gone.owner, 'DELETE', `/api/teams/${gone.id}`, { confirm: true });
    const all: string[] = [];
    let cursor: TeamId | null = null;
    do {
      const page: { teams: { id: string; createdAt: string }[]; next: TeamId | null } = await ask(listTeams, {
        cursor,
        limit: 2,
      });
      all.push(...page.teams.map(({ id }) => id));
      cursor = page.next;
    } while (cursor);
    expect(new Set(all).size).toBe(all.length);
    expect(all).toEqual(expect.arrayContaining([team.id, 'team_race']));
    expect(all).not.toContain(gone.id);
  });
});

describe('teams.suspend', () => {
  test('stops every key of the team at once, says why, and can be ended', async () => {
    const suspended = await host.team();
    const { key } = await host.key(suspended);
    await ask(suspendTeam, { teamId: suspended.id, reason: 'unpaid' });
    await expect(verify(key)).rejects.toMatchObject({ code: 'team_suspended' });
    const { body } = await host.call(suspended.viewer, 'GET', `/api/teams/${suspended.id}`);
    expect(body).toMatchObject({ standing: 'suspended', suspensionReason: 'unpaid' });
    const resumed = await ask(resumeTeam, { teamId: suspended.id });
    expect(resumed).toMatchObject({ standing: 'active', suspensionReason: null });
    await expect(verify(key)).resolves.toBeDefined();
    expect((await actionsOf(suspended.id)).slice(-2)).toEqual(['operator team.suspended', 'operator team.resumed']);
  });

  test('is never a false success while the registry is away', async () => {
    const other = await host.team();
    await host.stopRegistry();
    await expect(ask(suspendTeam, { teamId: other.id, reason: 'x' })).rejects.toMatchObject({
      code: 'service_unavailable',
    });
    await host.startRegistry();
    expect((await host.call(other.owner, 'GET', `/api/teams/${other.id}`)).body.standing).toBe('active');
    await expect(ask(suspendTeam, { teamId: 'team_nobody', reason: 'x' })).rejects.toMatchObject({
      code: 'team_not_found',
    });
  });
});

describe('keys.issue, keys.withdraw and keys.surrender', () => {
  test('make a key for a team, with its default policy, and end it on the operator’s word', async () => {
    await host.call(team.owner, 'PATCH', `/api/teams/${team.id}`, { settings: { defaultExecutionPolicy: 'tee_only' } });
    const { id, key, hint } = await ask(issueKey, { teamId: team.id, name: 'issued' });
    expect([isWellFormedKey(key), hint]).toEqual([true, `sk-ollm-…${key.slice(-4)}`]);
    expect(await verify(key)).toMatchObject({ keyId: id, executionPolicy: 'tee_only' });
    await ask(withdrawKey, { id, reason: 'other' });
    await expect(verify(key)).rejects.toMatchObject({ code: 'key_revoked' });
    expect((await actionsOf(team.id)).slice(-2)).toEqual(['operator key.created', 'operator key.revoked']);
  });

  test('end a key for whoever holds its secret, and write where that came from', async () => {
    const { key } = await host.key(team);
    const client = { address: '203.0.113.9', userAgent: 'cli' } as const;
    const digest = toKeyDigest(key);
    expect(await ask(surrenderKey, { digest, client })).toMatchObject({ state: 'revoked', revocationReason: 'leaked' });
    await expect(verify(key)).rejects.toMatchObject({ code: 'key_revoked' });
    await ask(surrenderKey, { digest, client });
    const entries = (await host.entries(team)).filter(({ actor_kind: kind }) => kind === 'holder');
    expect(entries).toMatchObject([{ action: 'key.revoked', client }]);
  });

  test('know when there is no such team or key, and that a name is taken', async () => {
    await expect(ask(issueKey, { teamId: 'team_nobody', name: 'x' })).rejects.toMatchObject({ code: 'team_not_found' });
    await expect(
      ask(issueKey, { teamId: team.id, name: 'y', expiresAt: '2001-01-01T00:00:00Z' }),
    ).rejects.toMatchObject({
      code: 'invalid_request',
      param: 'expiresAt',
    });
    await ask(issueKey, { teamId: team.id, name: 'once' });
    await expect(ask(issueKey, { teamId: team.id, name: 'once' })).rejects.toMatchObject({ code: 'request_conflict' });
    const id = `key_${'0'.repeat(32)}` as KeyId;
    await expect(ask(withdrawKey, { id, reason: 'other' })).rejects.toMatchObject({ code: 'not_found' });
    const unknown = { digest: toKeyDigest('none'), client: { address: null, userAgent: 'cli' } } as const;
    await expect(ask(surrenderKey, unknown)).rejects.toMatchObject({ code: 'invalid_api_key' });
  });
});

test('while the database is down everything is unavailable, and comes back with it', async () => {
  await host.auth.backbone.postgres.crash();
  await expect(ask(createTeam, { id: 'team_later', name: 'Later' })).rejects.toMatchObject({
    code: 'service_unavailable',
  });
  expect(await host.call(team.owner, 'GET', '/api/teams')).toMatchObject({
    status: 503,
    body: { code: 'service_unavailable' },
  });
  await host.auth.backbone.postgres.start();
  await eventually(async () =>
    expect(await ask(createTeam, { id: 'team_later', name: 'Later' })).toMatchObject({ name: 'Later' }),
  );
});
