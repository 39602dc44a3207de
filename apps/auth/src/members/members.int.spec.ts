import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { verifyKey } from '@orgn/contracts';
import { eventually, schemaDrift } from '@orgn/testing';
import { toKeyDigest } from '../keys/key-secret.ts';
import type { Person } from '../testing/auth-host.ts';
import { TeamHost, type TestTeam } from '../testing/team-host.ts';
import { MembershipEntity } from '../roster/membership.entity.ts';

let host: TeamHost;
let team: TestTeam;

beforeAll(async () => {
  host = await TeamHost.start();
});

beforeEach(async () => {
  team = await host.team();
});

afterAll(() => host.stop());

const verify = (key: string) => host.auth.backbone.bus.ask(verifyKey, { digest: toKeyDigest(key) });
const members = (rest = '') => `/api/teams/${team.id}/members${rest}`;
const setRole = (actor: Person, target: Person, role: string) =>
  host.call(actor, 'PATCH', members(`/${target.userId}`), { role });
const remove = (actor: Person, target: Person, keys?: string) =>
  host.call(actor, 'DELETE', members(`/${target.userId}${keys === undefined ? '' : `?keys=${keys}`}`));
const ownersOf = async () =>
  (await host.auth.database.query(`SELECT user_id FROM memberships WHERE team_id = $1 AND role = 'owner'`, [team.id]))
    .rows.length;

describe('members', () => {
  test('are listed with their roles, page by page', async () => {
    const first = await host.call(team.viewer, 'GET', members('?limit=3'));
    const rest = await host.call(team.viewer, 'GET', members(`?limit=3&cursor=${first.body.nextCursor as string}`));
    const all = [...first.body.data, ...rest.body.data];
    expect(all.map(({ role }) => role).sort()).toEqual(['admin', 'member', 'owner', 'viewer']);
    expect([first.body.data.length, rest.body.nextCursor]).toEqual([3, null]);
    expect(all.filter(({ isYou }) => isYou)).toMatchObject([{ id: team.viewer.userId }]);
  });
});

describe('ownership', () => {
  test('is not an admin’s to give, take or end', async () => {
    expect(await setRole(team.admin, team.member, 'owner')).toMatchObject({ status: 403 });
    expect(await setRole(team.admin, team.admin, 'owner')).toMatchObject({ status: 403 });
    expect(await setRole(team.admin, team.owner, 'viewer')).toMatchObject({ status: 403 });
    expect(await remove(team.admin, team.owner)).toMatchObject({ status: 403 });
    expect(await ownersOf()).toBe(1);
  });

  test('never ends with nobody: the only owner can neither leave nor step down', async () => {
    expect(await setRole(team.owner, team.owner, 'admin')).toMatchObject({ status: 409 });
    expect(await host.call(team.owner, 'POST', `/api/teams/${team.id}/leave`)).toMatchObject({ status: 409 });
    expect(await setRole(team.owner, team.admin, 'owner')).toMatchObject({ status: 200 });
    expect(await setRole(team.owner, team.owner, 'admin')).toMatchObject({ status: 200 });
  });

  test('never ends with nobody, even when two owners act at the same moment', async () => {
    for (let round = 0; round < 8; round += 1) {
      team = await host.team();
      await setRole(team.owner, team.admin, 'owner');
      const [one, other] = await Promise.all([
        round % 2 === 0 ? setRole(team.owner, team.admin, 'viewer') : setRole(team.owner, team.owner, 'viewer'),
        round % 2 === 0
          ? setRole(team.admin, team.owner, 'viewer')
          : host.call(team.admin, 'POST', `/api/teams/${team.id}/leave`),
      ]);
      expect([one.status, other.status].filter((status) => status < 300)).toHaveLength(1);
      expect(await ownersOf()).toBe(1);
    }
  });

  test('is handed over: the heir owns, the giver administers', async () => {
    const path = `/api/teams/${team.id}/transfer`;
    const { status, body } = await host.call(team.owner, 'POST', path, { userId: team.member.userId });
    expect([status, body.role]).toEqual([200, 'admin']);
    expect((await host.call(team.member, 'GET', `/api/teams/${team.id}`)).body.role).toBe('owner');
    expect(await host.call(team.owner, 'POST', path, { userId: team.member.userId })).toMatchObject({ status: 403 });
    const stranger = await host.person();
    expect(await host.call(team.member, 'POST', path, { userId: stranger.userId })).toMatchObject({ status: 404 });
  });

  test('and roles are not changed on an old sign-in', async () => {
    await host.age(team.owner);
    const refused = { status: 403, body: { code: 'reauthentication_required' } };
    expect(await setRole(team.owner, team.member, 'viewer')).toMatchObject(refused);
    const transfer = await host.call(team.owner, 'POST', `/api/teams/${team.id}/transfer`, {
      userId: team.admin.userId,
    });
    expect(transfer).toMatchObject(refused);
    expect(await host.call(team.owner, 'DELETE', `/api/teams/${team.id}`, { confirm: true })).toMatchObject(refused);
    expect(await remove(team.owner, team.viewer)).toMatchObject({ status: 204 });
  });
});

describe('removing a member who owns keys', () => {
  test('asks what becomes of them, naming how many, and changes nothing until that is said', async () => {
    const { key } = await host.key(team, team.member);
    await host.key(team, team.member);
    const { status, body } = await remove(team.owner, team.member);
    expect([status, body.code, body.detail]).toEqual([409, 'confirmation_required', expect.stringContaining('2 of')]);
    await expect(verify(key)).resolves.toBeDefined();
    expect(await host.call(team.member, 'GET', `/api/teams/${team.id}`)).toMatchObject({ status: 200 });
  });

  test('suspends, revokes or adopts them at once, ends their sessions and shuts them out', async () => {
    const outcomes = { suspend: 'key_owner_removed', revoke: 'key_revoked', adopt: undefined };
    for (const [choice, code] of Object.entries(outcomes)) {
      team = await host.team();
      const { id, key } = await host.key(team, team.member);
      expect(await remove(team.owner, team.member, choice)).toMatchObject({ status: 204 });
      const verdict = await verify(key).catch((error: unknown) => (error as { code: string }).code);
      expect(verdict).toEqual(code ?? expect.objectContaining({ keyId: id }));
      expect(await host.call(team.member, 'GET', '/api/teams')).toMatchObject({ status: 401 });
      const again = await host.auth.person({ userId: team.member.userId });
      expect(await host.call(again, 'GET', `/api/teams/${team.id}`)).toMatchObject({ status: 404 });
      const { body } = await host.call(team.owner, 'GET', `/api/teams/${team.id}/keys/${id}`);
      const owner = choice === 'adopt' ? team.owner.userId : team.member.userId;
      expect(body).toMatchObject({ owner: { id: owner }, createdBy: { id: team.member.userId, name: 'Some Body' } });
      const after = { keys: choice, keysSettled: 1 };
      expect((await host.entries(team)).at(-1)).toMatchObject({ action: 'member.removed', after });
    }
  });

  test('leaves a suspended key to whoever enables it', async () => {
    const { id, key } = await host.key(team, team.member);
    await remove(team.owner, team.member, 'suspend');
    const enabled = await host.call(team.admin, 'POST', `/api/teams/${team.id}/keys/${id}/enable`);
    expect(enabled).toMatchObject({ status: 200, body: { state: 'active', owner: { id: team.admin.userId } } });
    await expect(verify(key)).resolves.toBeDefined();
  });

  test('leaves nothing that they enable or loosen on their way out: neither is done', async () => {
    const { id, key } = await host.key(team, team.member, { rpm: 10 });
    const mine = await host.key(team, team.admin, { rpm: 10 });
    await remove(team.owner, team.member, 'suspend');
    // Their membership is about to end: whoever asked before that is held until it has.
    const { database } = host.auth;
    await database.query('BEGIN');
    await database.query('DELETE FROM memberships WHERE team_id = $1 AND user_id = $2', [team.id, team.admin.userId]);
    const path = `/api/teams/${team.id}/keys`;
    const enabling = host.call(team.admin, 'POST', `${path}/${id}/enable`);
    const loosening = host.call(team.admin, 'PATCH', `${path}/${mine.id}`, { rpm: null });
    await eventually(async () => {
      const waiting = "SELECT count(*)::int AS held FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
      expect((await database.query<{ held: number }>(waiting)).rows).toEqual([{ held: 2 }]);
    });
    await database.query('COMMIT');
    expect([(await enabling).status, (await loosening).status]).toEqual([404, 404]);
    await expect(verify(key)).rejects.toMatchObject({ code: 'key_owner_removed' });
    const { body } = await host.call(team.owner, 'GET', `${path}/${mine.id}`);
    expect(body.rpm).toBe(10);
  });

  test('leaves none of their keys alive, even of those they make at the same moment', async () => {
    for (let round = 0; round < 5; round += 1) {
      team = await host.team();
      const made: string[] = [];
      const making = Promise.all(
        Array.from({ length: 6 }, async (_, index) => {
          const path = `/api/teams/${team.id}/keys`;
          const { status, body } = await host.call(team.member, 'POST', path, { name: `race ${index}` });
          if (status === 201) made.push(body.key as string);
        }),
      );
      await Promise.all([making, remove(team.owner, team.member, 'revoke')]);
      for (const key of made) await expect(verify(key)).rejects.toMatchObject({ code: 'key_revoked' });
    }
  });

  test('keeps them in the team while the registry cannot be reached', async () => {
    await host.key(team, team.member);
    await host.stopRegistry();
    expect(await remove(team.owner, team.member, 'revoke')).toMatchObject({ status: 503 });
    await host.startRegistry();
    expect(await host.call(team.member, 'GET', `/api/teams/${team.id}`)).toMatchObject({ status: 200 });
  });
});

describe('leaving', () => {
  test('settles one’s own keys and keeps one signed in', async () => {
    const { key } = await host.key(team, team.member);
    const path = `/api/teams/${team.id}/leave`;
    expect(await host.call(team.member, 'POST', path)).toMatchObject({ status: 409 });
    expect(await host.call(team.member, 'POST', path, { keys: 'suspend' })).toMatchObject({ status: 204 });
    await expect(verify(key)).rejects.toMatchObject({ code: 'key_owner_removed' });
    expect(await host.call(team.member, 'GET', '/api/teams')).toMatchObject({ status: 200, body: { data: [] } });
  });
});

describe('the table memberships', () => {
  test('is what the entity says', async () => {
    const url = host.auth.backbone.postgres.urlOf('auth');
    const { UserEntity } = await import('../users/user.entity.ts');
    expect(await schemaDrift(url, [MembershipEntity, UserEntity])).toEqual([]);
  });
});
