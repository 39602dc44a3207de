import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { deletePerson, exportPerson, verifyAudit, verifyKey } from '@orgn/contracts';
import { toKeyDigest } from '../keys/key-secret.ts';
import type { Person } from '../testing/auth-host.ts';
import { Metering } from '../testing/metering.ts';
import { TeamHost } from '../testing/team-host.ts';

let host: TeamHost;
let metering: Metering;

beforeAll(async () => {
  host = await TeamHost.start();
  metering = await Metering.beside(host.auth);
});

afterAll(async () => {
  await metering.close();
  await host.stop();
});

const remove = (person: Person, body: object = {}) => host.call(person, 'DELETE', '/api/account', body);
const bus = () => host.auth.backbone.bus;
const userOf = async ({ userId }: Person) =>
  (await host.auth.database.query<Record<string, unknown>>('SELECT * FROM users WHERE id = $1', [userId])).rows[0];
/** Every text in the database of this service. */
const everything = async () => {
  const { rows } = await host.auth.database.query<{ text: string }>(
    `SELECT query_to_xml('SELECT * FROM ' || name, false, false, '')::text AS text
     FROM unnest(ARRAY['users', 'sessions', 'memberships', 'invitations', 'audit_entries', 'daily_counts']) AS name`,
  );
  return rows.map(({ text }) => text).join('\n');
};

describe('what is held of a person', () => {
  test('is theirs to have: who they are, where, their keys without secrets, what they used and did', async () => {
    const team = await host.team();
    const { id, key } = await host.key(team, team.member);
    await metering.use({ teamId: team.id, keyId: id, ownerId: team.member.userId });
    const { status, body } = await host.call(team.member, 'GET', '/api/account/export');
    expect([status, JSON.stringify(body).includes(key.slice(8))]).toEqual([200, false]);
    expect(body).toMatchObject({
      user: { id: team.member.userId, sub: team.member.userId },
      sessions: [{ id: team.member.sessionId }],
      teams: [{ id: team.id, role: 'member' }],
      keys: [{ id }],
      usage: [{ teamId: team.id, requests: 1, costNanoUsd: 1_000 }],
      auditEntries: [{ action: 'key.created', object: { kind: 'key', id } }],
    });
    const { data, entries } = await bus().ask(exportPerson, { id: team.member.userId });
    expect({ ...data, auditEntries: entries }).toEqual(body);
  });

  test('is told of nobody who is not there', async () => {
    const id = `user_${'0'.repeat(32)}`;
    for (const contract of [exportPerson, deletePerson])
      await expect(bus().ask(contract, { id })).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('an account', () => {
  test('is not deleted on an old sign-in, nor while a team has no other owner, and then nothing has changed', async () => {
    const team = await host.team();
    const tired = await host.auth.person({ userId: team.viewer.userId });
    await host.age(tired);
    expect((await remove(tired)).body.code).toBe('reauthentication_required');
    const answer = await remove(team.owner, { confirm: true, keys: 'revoke' });
    expect([answer.status, answer.body.code, String(answer.body.detail)]).toEqual([
      409,
      'request_conflict',
      expect.stringContaining('Acme'),
    ]);
    expect((await host.call(team.owner, 'GET', `/api/teams/${team.id}`)).status).toBe(200);
  });

  test('says what becomes of keys and lone teams before it goes', async () => {
    const team = await host.team();
    await host.call(team.member, 'POST', '/api/teams', { name: 'Only mine' });
    const { key } = await host.key(team, team.member);
    expect((await remove(team.member)).body.detail).toContain('Only mine');
    expect((await remove(team.member, { confirm: true })).body).toMatchObject({ code: 'confirmation_required' });
    expect((await remove(team.member, { confirm: true, keys: 'revoke' })).status).toBe(204);
    await expect(bus().ask(verifyKey, { digest: toKeyDigest(key) })).rejects.toMatchObject({ code: 'key_revoked' });
    expect((await host.call(team.member, 'GET', '/api/session')).status).toBe(401);
  });

  test('leaves an id behind, and no name, address or identity anywhere; the log stays whole', async () => {
    const team = await host.team();
    const email = 'forget.me@orgn.test';
    const person = await host.person({ email });
    const sub = 'identity-of-somebody';
    await host.auth.database.query(`UPDATE users SET sub = $1, name = 'Vera Gone' WHERE id = $2`, [sub, person.userId]);
    await host.call(team.owner, 'POST', `/api/teams/${team.id}/invitations`, { email, role: 'member' });
    await host.join(team, person, 'member');
    await host.key(team, person);
    const { data, next } = await bus().ask(exportPerson, { id: person.userId });
    expect([data.user.name, next]).toEqual(['Vera Gone', null]);
    expect(await everything()).toContain(email);

    const done = await bus().ask(deletePerson, { id: person.userId, keys: 'suspend' });
    expect(done).toEqual({ id: person.userId, teamsLeft: 1, teamsEnded: 0, keysSettled: 1 });
    expect(await userOf(person)).toMatchObject({ name: '', email: '', iss: 'urn:orgn-gateway:deleted' });
    const rest = await everything();
    for (const trace of [email, sub, 'Vera Gone', person.sessionId.slice(8)]) {
      expect([trace, rest.replace(/<object_id>session_[^<]*/g, '').includes(trace)]).toEqual([trace, false]);
    }
    expect(rest).toContain(person.userId);

    const { body } = await host.call(team.owner, 'GET', `/api/teams/${team.id}/audit`);
    expect(body.data.map(({ action, actor }) => [action, (actor as { name: string }).name])).toContainEqual([
      'key.created',
      'A deleted account',
    ]);
    for (const chain of [team.id, 'people'] as const)
      expect(await bus().ask(verifyAudit, { chain })).toMatchObject({ isEnd: true, fault: null });
    await expect(bus().ask(deletePerson, { id: person.userId })).rejects.toMatchObject({ code: 'not_found' });
  });
});
