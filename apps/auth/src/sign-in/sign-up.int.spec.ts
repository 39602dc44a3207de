import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { enrolMember, invitePerson, type TeamId } from '@orgn/contracts';
import { AuthHost } from '../testing/auth-host.ts';
import { explanations } from './explanations.ts';
import { SignUp, type OpenInvitations } from './sign-up.ts';
import { Browser } from './testing/browser.ts';
import { CLIENT_ID, CLIENT_SECRET, MisbehavingProvider } from './testing/misbehaving-provider.ts';

let provider: MisbehavingProvider;
let host: AuthHost;
let byDomain: string;
let browser: Browser;
let people = 0;
const settings = { OIDC_CLIENT_ID: CLIENT_ID, OIDC_CLIENT_SECRET: CLIENT_SECRET };

beforeAll(async () => {
  provider = await MisbehavingProvider.start();
  const more = { ...settings, OIDC_ISSUER: provider.issuer };
  host = await AuthHost.start({ ...more, SIGN_UP: 'invited', SIGN_UP_CONTACT: 'Ada <ada@orgn.test>' });
  byDomain = await host.another({ ...more, SIGN_UP: 'domains', SIGN_UP_DOMAINS: 'orgn.test, Bücher.example' });
});
afterAll(async () => {
  await host.stop();
  await provider.close();
});
beforeEach(() => {
  people += 1;
  provider.behave(`newcomer-${people}`);
  host.audit.length = 0;
  browser = new Browser();
});

const login = (query = '', url = host.url) => browser.open(`${url}/api/auth/login${query}`);
const email = () => String(provider.person.email);
async function rows(): Promise<number[]> {
  const counts: number[] = [];
  for (const table of ['users', 'teams', 'memberships', 'sessions']) {
    const { rows: found } = await host.database.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`);
    counts.push(found[0]!.n);
  }
  return counts;
}
const invite = (address = email(), more: { role?: 'owner' | 'viewer'; teamId?: string } = {}) =>
  host.backbone.bus.ask(invitePerson, {
    teamId: more.teamId ?? 'team_first',
    email: address,
    role: more.role ?? 'owner',
  });
const digestOf = (link: string) => createHash('sha256').update(link.split('#token=')[1]!).digest('base64url');
const sessionOf = async () => {
  const response = await browser.api('GET', `${host.url}/api/session`);
  return (await response.json()) as { user: { id: string }; teams: { id: string; role: string }[] };
};
const accept = (link: string) =>
  browser.send(new URL(`${host.url}/api/invitations/accept`), {
    method: 'POST',
    headers: { 'x-orgn-csrf': '1', 'content-type': 'application/json' },
    body: JSON.stringify({ token: link.split('#token=')[1] }),
  });

async function expectTurnedAway(query = '', url = host.url, claims: object = {}): Promise<string> {
  Object.assign(provider.person, claims);
  const before = await rows();
  const page = await login(query, url);
  expect([page.status, page.html]).toEqual([
    403,
    expect.stringContaining(`<h1>${explanations.not_invited.title}</h1>`),
  ]);
  expect(page.html).toMatch(/<a href="\/api\/auth\/login[^"]*">Try again<\/a>/);
  expect(await rows()).toEqual(before);
  return page.html;
}

describe('whoever is not invited', () => {
  test('is told whom to ask, with a way on, and leaves nothing behind: no person, no team, no session', async () => {
    const html = await expectTurnedAway();
    expect(html).toContain('Ask an owner or an admin of the team');
    expect(html).toContain('Whom to ask: Ada &#60;ada@orgn.test&#62;.');
    expect(html).not.toContain(email());
    expect(host.audit).toMatchObject([{ action: 'session.refused', after: { reason: 'not_invited' } }]);
  });

  test('alone is told whom to ask, and nobody where the operator does not say whom', async () => {
    expect(await expectTurnedAway('', byDomain, { email: 'a@elsewhere.test' })).not.toContain('Whom to ask');
    provider.wrong.answer = (parameters) => parameters.set('error', 'access_denied');
    const { html } = await login();
    expect(html).toContain(`<h1>${explanations.denied.title}</h1>`);
    expect(html).not.toContain('Whom to ask');
  });

  test.each([
    ['an address that the provider does not call verified', () => (provider.person.email_verified = false)],
    ['an address that the provider says nothing of', () => delete provider.person.email_verified],
  ])('includes who claims what somebody else was invited by: %s', async (_, change) => {
    await invite();
    change();
    await expectTurnedAway();
  });

  test('includes who has no address, and who has another one', async () => {
    await invite(`another-${email()}`);
    await expectTurnedAway();
    provider.person.email = '';
    await expectTurnedAway();
    delete provider.person.email;
    provider.wrong.userinfo = (claims) => delete claims.email;
    await expectTurnedAway();
  });

  test('includes whose invitation has expired, was accepted, or leads into a team that is gone', async () => {
    const { id } = await invite();
    await host.database.query('UPDATE invitations SET expires_at = now() WHERE id = $1', [id]);
    await expectTurnedAway();
    await invite(email(), { teamId: 'team_buried' });
    await host.database.query(`UPDATE teams SET deleted_at = now() WHERE id = 'team_buried'`);
    await expectTurnedAway();
  });

  test('includes whom somebody invited who may not invite any more', async () => {
    const { id } = await invite();
    const { userId } = await host.person({ email: 'was-admin@orgn.test' });
    await host.database.query(`UPDATE invitations SET role = 'viewer', invited_by = $1 WHERE id = $2`, [userId, id]);
    await expectTurnedAway();
    const join = `INSERT INTO memberships (team_id, user_id, role) VALUES ('team_first', $1, $2)`;
    await host.database.query(join, [userId, 'member']);
    await expectTurnedAway();
    await host.database.query(`UPDATE memberships SET role = 'admin' WHERE user_id = $1`, [userId]);
    expect((await login()).status).toBe(200);
  });

  test('cannot come in by the link of an invitation of another address', async () => {
    const { link } = await invite(`another-${email()}`);
    await expectTurnedAway(`?invitation=${digestOf(link)}`);
  });
});

describe('whoever is invited', () => {
  test('comes in by the verified address, however it is written, and joins', async () => {
    const { link } = await invite(email().toUpperCase());
    expect((await login()).status).toBe(200);
    expect(await (await accept(link)).json()).toEqual({ teamId: 'team_first', role: 'owner' });
    expect((await sessionOf()).teams).toContainEqual(expect.objectContaining({ id: 'team_first', role: 'owner' }));
  });

  test('comes in by the link, where the provider does not say whether addresses are verified', async () => {
    const { link } = await invite();
    delete provider.person.email_verified;
    expect((await login(`?invitation=${digestOf(link)}`)).status).toBe(200);
  });

  test('keeps the place here afterwards, whatever becomes of invitation, address and mode', async () => {
    await invite();
    await login();
    const { user } = await sessionOf();
    await host.database.query('DELETE FROM invitations');
    provider.person.email = 'changed@elsewhere.test';
    browser = new Browser();
    expect((await login()).status).toBe(200);
    expect((await sessionOf()).user.id).toBe(user.id);
  });

  test('comes in as well when the operator has enrolled them', async () => {
    await invite('somebody-else@orgn.test');
    const sub = String(provider.person.sub);
    const person = { teamId: 'team_first' as TeamId, sub, email: email(), name: 'Enrolled', role: 'member' } as const;
    await host.backbone.bus.ask(enrolMember, person);
    expect((await login()).status).toBe(200);
  });
});

describe('SIGN_UP=domains', () => {
  test('lets in who has a verified address in one of the domains', async () => {
    expect((await login('', byDomain)).status).toBe(200);
    provider.behave('bookworm');
    provider.person.email = 'worm@BÜCHER.example';
    browser = new Browser();
    expect((await login('', byDomain)).status).toBe(200);
  });

  test.each([
    ['a verified address elsewhere', { email: 'a@elsewhere.test' }],
    ['an address below the domain', { email: 'a@sub.orgn.test' }],
    ['an address that only ends so', { email: 'a@evilorgn.test' }],
    ['an address that only begins so', { email: 'a@orgn.test@elsewhere.test' }],
    ['an address with something behind it', { email: 'a@orgn.test/elsewhere.test' }],
    ['no domain', { email: 'orgn.test' }],
    ['an address that is not verified', { email_verified: false }],
    ['an address that nobody says is verified', { email_verified: undefined }],
  ])('turns away: %s', async (_, claims) => {
    await expectTurnedAway('', byDomain, claims);
  });

  test('lets in who is invited from elsewhere', async () => {
    provider.person.email = `guest-${people}@elsewhere.test`;
    await expectTurnedAway('', byDomain);
    await invite();
    expect((await login('', byDomain)).status).toBe(200);
  });
});

test('without a word in the configuration, production takes who is invited and development everybody', async () => {
  const nobody: OpenInvitations = { areFor: () => Promise.resolve(false) };
  const admit = (NODE_ENV: 'production' | 'development') => {
    const config = { NODE_ENV, SIGN_UP: undefined, SIGN_UP_DOMAINS: [] } as never;
    const identity = { iss: 'i', sub: 's', email: 'a@b.test', isEmailVerified: true, name: 'A' };
    return new SignUp(config, nobody).admit({ identity, invitation: null }, undefined as never);
  };
  await expect(admit('production')).rejects.toMatchObject({ reason: 'not_invited' });
  await expect(admit('development')).resolves.toBeUndefined();
});

describe('an invitation of the operator', () => {
  test('makes the team once, and each new link makes the one before worthless', async () => {
    const [first, second] = [
      await invite(email(), { teamId: 'team_new' }),
      await invite(email(), { teamId: 'team_new' }),
    ];
    expect([first.isNewTeam, second.isNewTeam]).toEqual([true, false]);
    const entries = await host.database.query<{ entry: string }>(
      `SELECT actor_kind || ' ' || action AS entry FROM audit_entries WHERE team_id = 'team_new' ORDER BY at, id`,
    );
    expect(entries.rows.map(({ entry }) => entry)).toEqual([
      'operator team.created',
      'operator invitation.created',
      'operator invitation.created',
    ]);
    await login();
    expect([(await accept(first.link)).status, (await accept(second.link)).status]).toEqual([404, 200]);
  });

  test('makes a member of the team an owner', async () => {
    for (const role of ['viewer', 'owner'] as const) {
      const { link } = await invite(email(), { role, teamId: 'team_rising' });
      await login();
      expect((await accept(link)).status).toBe(200);
    }
    expect((await sessionOf()).teams).toContainEqual(expect.objectContaining({ id: 'team_rising', role: 'owner' }));
  });

  test('is not for others to send again, and only for owners to take back', async () => {
    const admin = await host.person({ email: 'admin@orgn.test' });
    const { id } = await invite(email(), { teamId: 'team_ours' });
    const join = `INSERT INTO memberships (team_id, user_id, role) VALUES ('team_ours', $1, $2)`;
    await host.database.query(join, [admin.userId, 'admin']);
    const path = `/api/teams/team_ours/invitations/${id}`;
    expect((await host.call(admin, 'POST', `${path}/resend`)).status).toBe(403);
    expect((await host.call(admin, 'DELETE', path)).status).toBe(403);
    await host.database.query(`UPDATE memberships SET role = 'owner' WHERE user_id = $1`, [admin.userId]);
    expect((await host.call(admin, 'DELETE', path)).status).toBe(204);
  });

  test('leads to a page of the console, which comes back to it from the sign-in with the digest of the token alone', async () => {
    const { link } = await invite();
    const page = await browser.send(new URL(link));
    expect([page.status, page.headers.get('content-security-policy')]).toEqual([
      200,
      expect.stringMatching(/^default-src 'none';.* script-src 'self';/),
    ]);
    const path = `/api/auth/login?returnTo=%2Finvitations%2Faccept&invitation=${digestOf(link)}`;
    expect((await browser.open(host.url + path)).url.pathname).toBe('/invitations/accept');
    expect((await accept(link)).status).toBe(200);
    expect((await sessionOf()).teams).toContainEqual(expect.objectContaining({ id: 'team_first', role: 'owner' }));
  });
});
