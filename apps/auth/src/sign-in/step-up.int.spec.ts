import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { getSession } from '@orgn/console-api';
import { AuthHost } from '../testing/auth-host.ts';
import { Browser } from './testing/browser.ts';
import { CLIENT_ID, CLIENT_SECRET, MisbehavingProvider } from './testing/misbehaving-provider.ts';

let provider: MisbehavingProvider;
let host: AuthHost;
let browser: Browser;

beforeAll(async () => {
  provider = await MisbehavingProvider.start();
  const client = { OIDC_CLIENT_ID: CLIENT_ID, OIDC_CLIENT_SECRET: CLIENT_SECRET };
  host = await AuthHost.start({ OIDC_ISSUER: provider.issuer, ...client });
});
afterAll(async () => {
  await host.stop();
  await provider.close();
});

const sessionOf = async () =>
  getSession.reply.parse(await (await browser.api('GET', `${host.url}/api/session`)).json());
const stepUp = () => browser.open(`${host.url}/api/auth/login?stepUp=1&returnTo=%2Fhealth`);

/** Somebody who signed in an hour ago. */
beforeEach(async () => {
  provider.behave();
  browser = new Browser();
  provider.person.auth_time = Math.floor(Date.now() / 1_000) - 3_600;
  await browser.open(`${host.url}/api/auth/login`);
  delete provider.person.auth_time;
  host.audit.length = 0;
  provider.asked.length = 0;
});

describe('proving again who one is', () => {
  test('makes the sign-in fresh, under a new session', async () => {
    const before = await sessionOf();
    expect(before.session.isFresh).toBe(false);
    expect((await stepUp()).url.pathname).toBe('/health');
    const after = await sessionOf();
    expect([after.user.id, after.session.isFresh]).toEqual([before.user.id, true]);
    expect(after.session.id).not.toBe(before.session.id);
    expect(host.audit).toMatchObject([
      { action: 'session.created', before: { sessionId: before.session.id }, after: { isStepUp: true } },
    ]);
  });

  test('has the provider ask, say when it did, and ask for the same person', async () => {
    await stepUp();
    const [asked] = provider.asked;
    expect(['prompt', 'max_age', 'login_hint'].map((name) => asked!.get(name))).toEqual([
      'login',
      '900',
      'sub-1@orgn.test',
    ]);
  });

  const refused = async (status: number, title: string) => {
    const before = await sessionOf();
    const page = await stepUp();
    expect([page.status, page.html]).toEqual([status, expect.stringContaining(`<h1>${title}</h1>`)]);
    expect(page.html).toContain('href="/api/auth/login?stepUp=1&#38;returnTo=%2Fhealth"');
    expect((await sessionOf()).session).toEqual({ ...before.session, expiresAt: expect.any(String) });
    expect(host.audit).toMatchObject([{ action: 'session.refused' }]);
  };

  test('is not done by somebody else, known or new', async () => {
    await new Browser().open(`${host.url}/api/auth/login`);
    for (const sub of ['sub-2', `new-${Date.now()}`]) {
      host.audit.length = 0;
      provider.behave(sub);
      await refused(403, 'That was somebody else');
    }
    const { rows } = await host.database.query('SELECT 1 FROM users WHERE sub = $1', [provider.person.sub]);
    expect(rows).toEqual([]);
  });

  test('is not done by a sign-in of before', async () => {
    provider.person.auth_time = Math.floor(Date.now() / 1_000) - 600;
    await refused(403, 'The identity provider did not ask you again');
  });

  test('is not done by one that is older than allowed', async () => {
    provider.person.auth_time = Math.floor(Date.now() / 1_000) - 3_600;
    await refused(403, 'The identity provider did not ask you again');
  });

  test.each([undefined, Date.now(), 0])('is not done by the time of authentication %p', async (time) => {
    provider.wrong.claims = (claims) => Object.assign(claims, { auth_time: time });
    await refused(403, 'The identity provider does not say when you signed in');
  });

  test('says what is missing and what to set', async () => {
    provider.wrong.claims = (claims) => delete claims.auth_time;
    const { html } = await stepUp();
    expect(html).toContain('auth_time');
  });

  test('is not undone by the Back button, which sends its answer again', async () => {
    const callback = await browser.step(await browser.step(`${host.url}/api/auth/login?stepUp=1&returnTo=%2Fhealth`));
    await browser.open(callback);
    const { session } = await sessionOf();
    expect((await browser.open(callback)).url.pathname).toBe('/health');
    expect((await sessionOf()).session).toMatchObject({ id: session.id, isFresh: true });
  });

  test('is not done by a second answer to one that was refused', async () => {
    const callback = await browser.step(await browser.step(`${host.url}/api/auth/login?stepUp=1&returnTo=%2Fhealth`));
    provider.person.auth_time = Math.floor(Date.now() / 1_000) - 600;
    expect((await browser.open(callback)).status).toBe(403);
    delete provider.person.auth_time;
    const again = await browser.open(callback);
    expect([again.status, again.html]).toEqual([400, expect.stringContaining('answered already')]);
    expect(again.html).toContain('href="/api/auth/login?stepUp=1&#38;returnTo=%2Fhealth"');
    expect((await sessionOf()).session.isFresh).toBe(false);
  });

  test('is an ordinary sign-in for who is not signed in', async () => {
    browser = new Browser();
    expect((await stepUp()).url.pathname).toBe('/health');
    expect(provider.asked[0]!.has('prompt')).toBe(false);
    expect(host.audit).toMatchObject([{ action: 'session.created', after: { isStepUp: false } }]);
  });
});
