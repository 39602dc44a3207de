import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { getSession } from '@orgn/console-api';
import { schemaDrift } from '@orgn/testing';
import { hashOf } from '../sessions/browser-secret.ts';
import { AuthHost } from '../testing/auth-host.ts';
import { FirstSignIn } from './first-sign-in.ts';
import { PendingSignInEntity } from './pending-sign-in.entity.ts';
import { PendingSignInsRepository } from './pending-sign-ins.repository.ts';
import { Browser } from './testing/browser.ts';
import { CLIENT_ID, CLIENT_SECRET, MisbehavingProvider } from './testing/misbehaving-provider.ts';

let provider: MisbehavingProvider;
let host: AuthHost;
let browser: Browser;

beforeAll(async () => {
  provider = await MisbehavingProvider.start();
  host = await AuthHost.start({
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: CLIENT_ID,
    OIDC_CLIENT_SECRET: CLIENT_SECRET,
    LOG_LEVEL: 'error',
  });
});
afterAll(async () => {
  await host.stop();
  await provider.close();
});

beforeEach(() => {
  provider.behave();
  provider.asked.length = 0;
  host.audit.length = 0;
  browser = new Browser();
});

const login = (query = '') => `${host.url}/api/auth/login${query}`;
const sessionCookie = () => `orgn_session_${new URL(host.url).port}`;
const signInCookie = () => `orgn_sign_in_${new URL(host.url).port}`;
const statusOf = async (who = browser) => (await who.api('GET', `${host.url}/api/session`)).status;
const sessionOf = async (who = browser) =>
  getSession.reply.parse(await (await who.api('GET', `${host.url}/api/session`)).json());

describe('a sign-in', () => {
  test('ends on the start page, signed in', async () => {
    const page = await browser.open(login());
    expect([page.status, page.url.href]).toEqual([200, `${host.url}/`]);
    expect((await sessionOf()).user).toMatchObject({
      email: 'sub-1@orgn.test',
      emailVerified: true,
      name: 'Some Body',
    });
  });

  test('asks by authorization code, with PKCE S256, state and nonce, and comes back to one fixed address', async () => {
    await browser.open(login('?login_hint=owner%40orgn.test'));
    const [asked] = provider.asked;
    expect(Object.fromEntries(asked!)).toEqual({
      response_type: 'code',
      client_id: CLIENT_ID,
      scope: 'openid email profile',
      redirect_uri: `${host.url}/api/auth/callback`,
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      login_hint: 'owner@orgn.test',
      // Longer than any provider remembers: it says when the person proved who they are, and asks nobody again.
      max_age: '31536000',
    });
  });

  test('never uses a state, a nonce or a verifier twice', async () => {
    await browser.open(login());
    await browser.open(login());
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(new Set(provider.asked.map((query) => query.get(name))).size).toBe(2);
    }
  });

  test('comes back to one fixed address whatever host the request names', async () => {
    const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example' };
    const response = await browser.send(new URL(login()), { headers });
    const { searchParams } = new URL(response.headers.get('location')!);
    expect(searchParams.get('redirect_uri')).toBe(`${host.url}/api/auth/callback`);
  });

  test('gives cookies that scripts cannot read, and no token', async () => {
    await browser.open(login());
    expect(browser.given).toEqual([
      expect.stringMatching(/^orgn_sign_in_\d+=[\w-]{43}; Max-Age=86400; Path=\/; HttpOnly; SameSite=Lax$/),
      expect.stringMatching(/^orgn_session_\d+=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/),
    ]);
    const { rows } = await host.database.query('SELECT * FROM sessions');
    expect(JSON.stringify(rows)).not.toContain(browser.cookies.get(sessionCookie()));
  });

  test('is written down with the new session', async () => {
    await browser.open(login());
    const { user, session } = await sessionOf();
    expect(host.audit).toEqual([
      {
        teamId: null,
        actor: { kind: 'user', id: user.id },
        action: 'session.created',
        object: { kind: 'session', id: session.id },
        before: null,
        after: { isStepUp: false, authenticatedAt: session.authenticatedAt },
        client: expect.objectContaining({ address: expect.any(String) }),
      },
    ]);
  });

  test('keeps the ID token sealed: the table alone does not give it away', async () => {
    await browser.open(login());
    const { rows } = await host.database.query<{ sealed: Buffer }>(
      'SELECT id_token_sealed AS sealed FROM sessions WHERE secret_hash = $1',
      [hashOf(browser.cookies.get(sessionCookie())!)],
    );
    expect(rows[0]!.sealed.toString('latin1')).not.toMatch(/eyJ[\w-]+\./);
  });

  test('of the same browser again has another id, and ends the former session', async () => {
    await browser.open(login());
    const [former, first] = [new Browser(), await sessionOf()];
    for (const [name, value] of browser.cookies) former.cookies.set(name, value);
    await browser.open(login());
    const second = await sessionOf();
    expect([second.user.id, second.session.id === first.session.id]).toEqual([first.user.id, false]);
    expect(await statusOf(former)).toBe(401);
  });

  test('takes over no session id that was planted in the browser', async () => {
    const planted = 'a'.repeat(43);
    browser.cookies.set(sessionCookie(), planted);
    await browser.open(login());
    expect(browser.cookies.get(sessionCookie())).not.toBe(planted);
  });

  test('knows a person by iss and sub, never by address', async () => {
    await browser.open(login());
    const { user: first } = await sessionOf();
    provider.person.email = 'new-address@orgn.test';
    await browser.open(login());
    expect((await sessionOf()).user).toMatchObject({ id: first.id, email: 'new-address@orgn.test' });
    provider.behave('sub-with-that-address');
    provider.person.email = 'new-address@orgn.test';
    await browser.open(login());
    expect((await sessionOf()).user.id).not.toBe(first.id);
  });

  test('with an address that is not verified is one all the same, and says so', async () => {
    for (const verified of [false, 'false', 'yes', 1, {}]) {
      provider.person.email_verified = verified;
      await browser.open(login());
      expect((await sessionOf()).user.emailVerified).toBe(false);
    }
  });

  test('welcomes a new person once, however many tabs they come with', async () => {
    provider.behave(`new-${Date.now()}`);
    const welcomed: string[] = [];
    const firstSignIn = host.service.app.get(FirstSignIn, { strict: false });
    const welcome = firstSignIn.welcome.bind(firstSignIn);
    firstSignIn.welcome = async (user, manager) => {
      welcomed.push(user.sub);
      await welcome(user, manager);
    };
    const callbacks: URL[] = [];
    await browser.step(login());
    for (let tab = 0; tab < 4; tab += 1) callbacks.push(await browser.step(await browser.step(login())));
    await Promise.all(callbacks.map((callback) => browser.open(callback)));
    await browser.open(login());
    firstSignIn.welcome = welcome;
    expect(welcomed).toEqual([provider.person.sub]);
  });

  test('takes the time of authentication from the provider', async () => {
    const anHourAgo = Math.floor(Date.now() / 1_000) - 3_600;
    provider.person.auth_time = anHourAgo;
    await browser.open(login());
    const { session } = await sessionOf();
    expect([Date.parse(session.authenticatedAt!), session.isFresh]).toEqual([anHourAgo * 1_000, false]);
  });

  test('asks userinfo where the ID token names no address', async () => {
    delete provider.person.email;
    await browser.open(login());
    expect((await sessionOf()).user.email).toBe('from-userinfo@orgn.test');
  });
});

describe('two tabs', () => {
  test('sign in side by side, in any order', async () => {
    const first = await browser.step(await browser.step(login('?returnTo=%2Ffirst')));
    const second = await browser.step(await browser.step(login('?returnTo=%2Fsecond')));
    expect((await browser.step(second)).pathname).toBe('/second');
    expect((await browser.step(first)).pathname).toBe('/first');
    expect(await statusOf()).toBe(200);
  });

  test('may be eight at most; the oldest is forgotten then', async () => {
    const callbacks: URL[] = [];
    for (let tab = 0; tab < 9; tab += 1) callbacks.push(await browser.step(await browser.step(login())));
    expect((await browser.open(callbacks[0]!)).status).toBe(400);
    for (const callback of callbacks.slice(1)) expect((await browser.open(callback)).status).toBe(200);
  });
});

describe('an answer', () => {
  const callbackOf = async (who = browser) => who.step(await who.step(login()));

  test('counts once; a second one ends in the session that the first has made', async () => {
    const callback = await browser.step(await browser.step(login('?returnTo=%2Fhealth')));
    expect((await browser.open(callback)).url.pathname).toBe('/health');
    const { session } = await sessionOf();
    // What Keycloak does when somebody goes back to its form: a new code for the old state.
    callback.searchParams.set('code', 'another');
    for (const url of [callback, callback]) expect((await browser.open(url)).url.pathname).toBe('/health');
    expect((await sessionOf()).session.id).toBe(session.id);
    expect(host.audit.map(({ action }) => action)).toEqual(['session.created']);
  });

  test('counts once; without a session a second one says so, and leads on to where the first was going', async () => {
    const callback = await browser.step(await browser.step(login('?returnTo=%2Fhealth')));
    await browser.open(callback);
    await browser.api('POST', `${host.url}/api/auth/logout`);
    const { status, html } = await browser.open(callback);
    expect([status, html]).toEqual([400, expect.stringContaining('answered already')]);
    expect(html).toContain('href="/api/auth/login?returnTo=%2Fhealth"');
    expect(await statusOf()).toBe(401);
  });

  test('that nobody has asked for is no way out of the session that there is', async () => {
    await browser.open(login());
    const { session } = await sessionOf();
    const page = await browser.open(`${host.url}/api/auth/callback?state=never-given&code=x`);
    expect([page.url.pathname, (await sessionOf()).session.id]).toEqual(['/', session.id]);
  });

  test('counts in the browser that began: nobody is signed in as the sender of a link', async () => {
    const callback = await callbackOf();
    const victim = new Browser();
    expect((await victim.open(callback)).status).toBe(400);
    await victim.step(login());
    expect((await victim.open(callback)).status).toBe(400);
    expect(victim.cookies.has(sessionCookie())).toBe(false);
    // The stranger's attempt did not use it up either.
    expect((await browser.open(callback)).status).toBe(200);
  });

  test('counts for ten minutes, and finds its way on for a day', async () => {
    const callback = await browser.step(await browser.step(login('?returnTo=%2Fhealth')));
    const age = (by: string) =>
      host.database.query(`UPDATE pending_sign_ins SET created_at = created_at - $1::interval`, [by]);
    await age('11 minutes');
    await host.service.app.get(PendingSignInsRepository, { strict: false }).sweep();
    const page = await browser.open(callback);
    expect([page.status, page.html]).toEqual([400, expect.stringContaining('took too long')]);
    expect(page.html).toContain('href="/api/auth/login?returnTo=%2Fhealth"');
    const another = await callbackOf();
    await age('25 hours');
    await host.service.app.get(PendingSignInsRepository, { strict: false }).sweep();
    expect((await browser.open(another)).html).toContain('not known here');
  });

  test('is of no use to who has read the table', async () => {
    const callback = await callbackOf();
    const { rows } = await host.database.query('SELECT * FROM pending_sign_ins');
    const text = JSON.stringify(rows.map((row: Record<string, unknown>) => Object.values(row).map(String)));
    for (const name of ['state', 'nonce']) expect(text).not.toContain(provider.asked.at(-1)!.get(name));
    expect(text).not.toMatch(/code_verifier|returnTo/);
    expect(browser.cookies.get(signInCookie())).toBeDefined();
    expect((await browser.open(callback)).status).toBe(200);
  });
});

describe('after a sign-in a browser is sent', () => {
  test.each([
    ['/teams/team_acme/keys?x=1#top', '/teams/team_acme/keys?x=1#top'],
    ['https://evil.example/', '/'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['/%2F/evil.example', '/%2F/evil.example'],
    ['/\t/evil.example', '/'],
    ['javascript:alert(1)', '/'],
    ['/api/auth/login', '/'],
    ['', '/'],
  ])('for %j to %j on this host', async (asked, path) => {
    const callback = await browser.step(await browser.step(login(`?returnTo=${encodeURIComponent(asked)}`)));
    const end = await browser.step(callback);
    expect(end.href).toBe(`${host.url}${path}`);
  });
});

describe('the table pending_sign_ins', () => {
  test('is what the entity says', async () => {
    expect(await schemaDrift(host.backbone.postgres.urlOf('auth'), [PendingSignInEntity])).toEqual([]);
  });
});
