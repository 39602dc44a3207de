import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { listOwnedKeys, listPeople, movePeople, pairPeople, type UserId } from '@orgn/contracts';
import { TeamHost } from '../testing/team-host.ts';
import { newUserId } from '../users/user-id.ts';

/** The issuer that the host's people are of, and another one. */
const OLD = 'http://127.0.0.1:9';
const NEW = 'https://new.example';

let host: TeamHost;
beforeAll(async () => {
  host = await TeamHost.start();
});
afterAll(() => host.stop());

const bus = () => host.auth.backbone.bus;
const move = async (from: string, to: string) =>
  (await bus().ask(movePeople, { from: OLD, to: NEW, people: [{ from, to }] })).people[0]!;

/** Somebody who has signed in at the new issuer. */
async function newcomer(sub: string, email: string, isVerified = true): Promise<UserId> {
  const id = newUserId();
  await host.auth.database.query(
    `INSERT INTO users (id, iss, sub, email, email_verified, name, last_signed_in_at)
     VALUES ($1, $2, $3, $4, $5, 'New Comer', now())`,
    [id, NEW, sub, email, isVerified],
  );
  return id;
}

const identityOf = async (id: UserId) => {
  const { rows } = await host.auth.database.query('SELECT iss, sub, email FROM users WHERE id = $1', [id]);
  return rows[0] as { iss: string; sub: string; email: string };
};

describe('people.move', () => {
  test('makes a person of one issuer that of another, with their teams, and ends their sessions', async () => {
    const team = await host.team();
    const { userId } = team.admin;
    expect(await move(userId, 'new-1')).toEqual({ from: userId, to: 'new-1', outcome: 'moved', id: userId });
    expect(await identityOf(userId)).toMatchObject({ iss: NEW, sub: 'new-1' });
    expect((await host.call(team.admin, 'GET', '/api/session')).status).toBe(401);
    const { body } = await host.call(team.owner, 'GET', `/api/teams/${team.id}/members`);
    expect(body.data).toContainEqual(expect.objectContaining({ id: userId, role: 'admin' }));
    expect(host.auth.audit).toContainEqual(
      expect.objectContaining({
        action: 'user.moved',
        actor: { kind: 'operator' },
        object: { kind: 'user', id: userId },
        before: { iss: OLD, sub: userId },
        after: { iss: NEW, sub: 'new-1', absorbed: null },
      }),
    );
    expect(await move(userId, 'new-1')).toMatchObject({ outcome: 'already', id: userId });
  });

  test('brings along what somebody has got since they signed in at the new issuer, keys too', async () => {
    const [team, another] = [await host.team(), await host.team()];
    const { userId } = team.member;
    const newer = await newcomer('new-2', 'two@orgn.test');
    await host.join(team, { userId: newer, sessionId: '', cookie: '' }, 'admin');
    const person = await host.auth.person({ userId: newer, email: 'two@orgn.test' });
    await host.join(another, person, 'owner');
    const made = await host.key(another, person);
    expect(await move(userId, 'new-2')).toMatchObject({ outcome: 'moved', id: userId });
    expect(await identityOf(userId)).toEqual({ iss: NEW, sub: 'new-2', email: 'two@orgn.test' });
    expect((await bus().ask(listOwnedKeys, { ownerId: userId })).keys).toMatchObject([
      { id: made.id, state: 'active' },
    ]);
    expect((await bus().ask(listOwnedKeys, { ownerId: newer })).keys).toEqual([]);
    const { rows } = await host.auth.database.query(
      'SELECT user_id, role FROM memberships WHERE user_id = ANY($1) ORDER BY role',
      [[userId, newer]],
    );
    expect(rows).toEqual([
      { user_id: userId, role: 'admin' },
      { user_id: userId, role: 'owner' },
    ]);
    expect(await host.entries(another)).toContainEqual(expect.objectContaining({ action: 'member.moved' }));
    // Doing it again must not undo it.
    expect(await move(userId, 'new-2')).toMatchObject({ outcome: 'already', id: userId });
    expect(await identityOf(userId)).toMatchObject({ sub: 'new-2' });
    expect((await bus().ask(listPeople, { email: 'TWO@orgn.test' })).people).toMatchObject([{ id: userId }]);
  });

  test('moves nobody whom it does not know, and nobody to where they are', async () => {
    expect(await move('nobody', 'nobody-new')).toMatchObject({ outcome: 'unknown', id: null });
    const same = bus().ask(movePeople, { from: OLD, to: OLD, people: [{ from: 'a', to: 'b' }] });
    await expect(same).rejects.toMatchObject({ code: 'invalid_request' });
  });

  test('changes nothing while the registry cannot be asked', async () => {
    const team = await host.team();
    const newer = await newcomer('new-3', 'three@orgn.test');
    await host.join(team, { userId: newer, sessionId: '', cookie: '' }, 'admin');
    await host.stopRegistry();
    await expect(move(team.member.userId, 'new-3')).rejects.toMatchObject({ code: 'service_unavailable' });
    expect(await identityOf(team.member.userId)).toMatchObject({ iss: OLD });
    await host.startRegistry();
  });
});

describe('people.pair', () => {
  test('finds who is who by addresses that the new issuer calls verified and that one person has at each', async () => {
    const old = await host.person({ email: 'Ada@orgn.test', isEmailVerified: false });
    await newcomer('ada-new', 'ada@orgn.test');
    await host.person({ email: 'unverified@orgn.test' });
    await newcomer('unverified-new', 'unverified@orgn.test', false);
    await host.person({ email: 'double@orgn.test' });
    await host.person({ email: 'double@orgn.test' });
    await newcomer('double-new', 'double@orgn.test');
    expect(await bus().ask(pairPeople, { from: OLD, to: NEW })).toEqual({
      pairs: [{ id: old.userId, email: 'ada@orgn.test', from: old.userId, to: 'ada-new' }],
      ambiguous: ['double@orgn.test'],
      next: null,
    });
    const [first] = [await bus().ask(pairPeople, { from: OLD, to: NEW, limit: 1 })];
    expect(first).toMatchObject({ pairs: [{ email: 'ada@orgn.test' }], next: 'ada@orgn.test' });
    const rest = await bus().ask(pairPeople, { from: OLD, to: NEW, limit: 1, cursor: first.next });
    expect(rest).toEqual({ pairs: [], ambiguous: ['double@orgn.test'], next: null });
  });
});
