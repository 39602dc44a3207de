import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { schemaDrift } from '@orgn/testing';
import type { Person } from '../testing/auth-host.ts';
import { TeamHost, type TestTeam } from '../testing/team-host.ts';
import { UserEntity } from '../users/user.entity.ts';
import { InvitationEntity } from './invitation.entity.ts';

let host: TeamHost;
let team: TestTeam;
let mailDir: string;
let guests = 0;
let email: string;

beforeAll(async () => {
  mailDir = await mkdtemp(join(tmpdir(), 'orgn-mail-'));
  host = await TeamHost.start({ MAIL_DIR: mailDir });
});

beforeEach(async () => {
  team = await host.team();
  guests += 1;
  email = `guest-${guests}@orgn.test`;
});

afterAll(() => host.stop());

const invitations = (rest = '') => `/api/teams/${team.id}/invitations${rest}`;
const tokenOf = (link: unknown) => String(link).split('#token=')[1]!;

async function invite(
  role = 'member',
  address = email,
  by: Person = team.owner,
): Promise<{ id: string; token: string }> {
  const { status, body } = await host.call(by, 'POST', invitations(), { email: address, role });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return { id: body.id as string, token: tokenOf(body.link) };
}

const accept = (person: Person, token: string) => host.call(person, 'POST', '/api/invitations/accept', { token });
const verdictOf = async (person: Person, token: string) => {
  const { status, body } = await accept(person, token);
  return body.code ?? status;
};

describe('an invitation', () => {
  test('lets the invited person in once, with the role that was offered', async () => {
    const { token } = await invite('admin', email.toUpperCase());
    const guest = await host.person({ email });
    expect(await accept(guest, token)).toMatchObject({ status: 200, body: { teamId: team.id, role: 'admin' } });
    expect((await host.call(guest, 'GET', `/api/teams/${team.id}`)).body.role).toBe('admin');
    expect(await verdictOf(guest, token)).toBe('not_found');
  });

  test('lets one of many in who accept it at the same moment', async () => {
    const { token } = await invite();
    const guests = await Promise.all(Array.from({ length: 6 }, () => host.person({ email })));
    const answers = await Promise.all(guests.map((guest) => accept(guest, token)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const list = await host.call(team.owner, 'GET', `/api/teams/${team.id}/members`);
    expect(list.body.data).toHaveLength(5);
  });

  test('opens for nobody but the invited and verified address', async () => {
    const { token } = await invite();
    expect(await verdictOf(await host.person(), token)).toBe('not_permitted');
    expect(await verdictOf(await host.person({ email, isEmailVerified: false }), token)).toBe('not_permitted');
    expect(await verdictOf(await host.person({ email }), 'A'.repeat(43))).toBe('not_found');
    expect(await verdictOf(await host.person({ email }), token)).toBe(200);
  });

  test('is good for seven days', async () => {
    const { id, token } = await invite();
    const guest = await host.person({ email });
    const { rows } = await host.auth.database.query<{ days: number }>(
      'SELECT extract(epoch FROM expires_at - created_at)::int / 86400 AS days FROM invitations WHERE id = $1',
      [id],
    );
    expect(rows).toEqual([{ days: 7 }]);
    await host.auth.database.query('UPDATE invitations SET expires_at = now() WHERE id = $1', [id]);
    expect(await verdictOf(guest, token)).toBe('not_found');
    expect((await host.call(team.owner, 'GET', invitations())).body.data).toMatchObject([{ id, status: 'expired' }]);
    await expect(invite()).resolves.toBeDefined();
  });

  test('is worth no more than the right of the inviter to invite', async () => {
    const guest = await host.person({ email });
    const { token } = await invite('member', email, team.admin);
    await host.call(team.owner, 'PATCH', `/api/teams/${team.id}/members/${team.admin.userId}`, { role: 'member' });
    expect(await verdictOf(guest, token)).toBe('not_permitted');
    await host.call(team.owner, 'PATCH', `/api/teams/${team.id}/members/${team.admin.userId}`, { role: 'admin' });
    expect(await verdictOf(guest, token)).toBe(200);
  });

  test('can be sent again, with another link, and taken back', async () => {
    const guest = await host.person({ email });
    const { id, token } = await invite();
    const { body } = await host.call(team.owner, 'POST', invitations(`/${id}/resend`));
    expect(await verdictOf(guest, token)).toBe('not_found');
    expect(await host.call(team.owner, 'DELETE', invitations(`/${id}`))).toMatchObject({ status: 204 });
    expect(await verdictOf(guest, tokenOf(body.link))).toBe('not_found');
    expect(await host.call(team.owner, 'DELETE', invitations(`/${id}`))).toMatchObject({ status: 404 });
  });

  test('cannot make an owner, nor go to who is in the team or invited already', async () => {
    const attempt = async (body: object) => (await host.call(team.owner, 'POST', invitations(), body)).body;
    expect(await attempt({ email, role: 'owner' })).toMatchObject({
      code: 'invalid_request',
      errors: [{ path: 'role' }],
    });
    expect(await attempt({ email: 'nobody', role: 'viewer' })).toMatchObject({ errors: [{ path: 'email' }] });
    await invite();
    expect(await attempt({ email: email.toUpperCase(), role: 'viewer' })).toMatchObject({ code: 'request_conflict' });
    const { body } = await host.call(team.owner, 'GET', `/api/teams/${team.id}/members`);
    const known = body.data.find(({ role }) => role === 'viewer')?.email;
    expect(await attempt({ email: known, role: 'admin' })).toMatchObject({ code: 'request_conflict' });
  });

  test('keeps its token to the two who need it: not in tables, lists and the audit log', async () => {
    const { token } = await invite();
    const { rows } = await host.auth.database.query<{ xml: string }>(
      `SELECT schema_to_xml('auth', true, true, '')::text AS xml`,
    );
    expect(rows[0]?.xml).toContain(email);
    expect(rows[0]?.xml).not.toContain(token);
    const { body } = await host.call(team.owner, 'GET', invitations());
    expect(body.data[0]).not.toHaveProperty('link');
    const mails = readdirSync(mailDir).map((file) => readFileSync(join(mailDir, file), 'latin1'));
    const mail = mails.find((text) => text.includes(`To: ${email}`))!;
    expect(mail.replaceAll('=\r\n', '').replaceAll('=3D', '=')).toContain(`/invitations/accept#token=${token}`);
  });
});

describe('the table invitations', () => {
  test('is what the entity says', async () => {
    expect(await schemaDrift(host.auth.backbone.postgres.urlOf('auth'), [InvitationEntity, UserEntity])).toEqual([]);
  });
});
