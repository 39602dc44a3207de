import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { signOut } from '@orgn/console-api';
import { schemaDrift } from '@orgn/testing';
import type { JWTPayload } from 'jose';
import { Browser } from '../sign-in/testing/browser.ts';
import { CLIENT_ID, CLIENT_SECRET, MisbehavingProvider, newKey } from '../sign-in/testing/misbehaving-provider.ts';
import { AuthHost } from '../testing/auth-host.ts';
import { SeenLogoutTokenEntity } from './seen-logout-token.entity.ts';
import { SeenLogoutTokensRepository } from './seen-logout-tokens.repository.ts';

let provider: MisbehavingProvider;
let host: AuthHost;

beforeAll(async () => {
  provider = await MisbehavingProvider.start();
  const client = { OIDC_CLIENT_ID: CLIENT_ID, OIDC_CLIENT_SECRET: CLIENT_SECRET };
  host = await AuthHost.start({ OIDC_ISSUER: provider.issuer, ...client });
});
afterAll(async () => {
  await host.stop();
  await provider.close();
});

async function signIn(sub = 'sub-1', sid = 'sid-1'): Promise<Browser> {
  provider.behave(sub);
  provider.person.sid = sid;
  const browser = new Browser();
  await browser.open(`${host.url}/api/auth/login`);
  host.audit.length = 0;
  return browser;
}

const isSignedIn = async (browser: Browser) => (await browser.api('GET', `${host.url}/api/session`)).status === 200;
const leave = (browser: Browser) => browser.api('POST', `${host.url}/api/auth/logout`);
const post = (body: string) =>
  fetch(`${host.url}/api/auth/backchannel-logout`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body,
  });
const order = async (claims: Record<string, unknown>, header: object = {}) =>
  post(new URLSearchParams({ logout_token: await provider.logoutToken(claims, { ...header }) }).toString());

describe('POST /api/auth/logout', () => {
  test('ends the session, takes the cookie away and says where the provider’s own ends', async () => {
    const browser = await signIn();
    const thief = new Browser();
    for (const [name, value] of browser.cookies) thief.cookies.set(name, value);
    const response = await leave(browser);
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(response.headers.get('set-cookie')).toMatch(
      /^orgn_session_\d+=; Max-Age=0; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    const { logoutUrl } = signOut.reply.parse(await response.json());
    const { origin, pathname, searchParams } = new URL(logoutUrl);
    expect(origin + pathname).toBe(`${provider.issuer}/end`);
    expect(searchParams.get('post_logout_redirect_uri')).toBe(`${host.url}/`);
    expect(
      JSON.parse(Buffer.from(searchParams.get('id_token_hint')!.split('.')[1]!, 'base64url').toString()),
    ).toMatchObject({
      sub: 'sub-1',
    });
    expect([await isSignedIn(thief), await isSignedIn(browser)]).toEqual([false, false]);
    expect(host.audit).toMatchObject([
      {
        action: signOut.audit,
        actor: { kind: 'user', id: expect.stringMatching(/^user_[0-9a-f]{32}$/) },
        object: { kind: 'session', id: expect.stringMatching(/^session_[0-9a-f]{32}$/) },
        after: { reason: 'signed_out' },
      },
    ]);
  });

  test('ends the session when the provider is down too', async () => {
    const browser = await signIn();
    const url = await host.another({ OIDC_ISSUER: 'http://127.0.0.1:9', OIDC_CLIENT_ID: CLIENT_ID });
    const [secret] = [...browser.cookies].filter(([name]) => name.startsWith('orgn_session')).map(([, value]) => value);
    const elsewhere = new Browser();
    elsewhere.cookies.set(`orgn_session_${new URL(url).port}`, secret!);
    const response = await elsewhere.api('POST', `${url}/api/auth/logout`);
    expect([response.status, await response.json()]).toEqual([200, { logoutUrl: '/' }]);
    expect(await isSignedIn(browser)).toBe(false);
  });

  test('does not mind that nobody is signed in', async () => {
    const response = await leave(new Browser());
    expect([response.status, await response.json()]).toEqual([200, { logoutUrl: '/' }]);
  });

  test('403: does not do it for a foreign site', async () => {
    const browser = await signIn();
    const response = await browser.send(new URL(`${host.url}/api/auth/logout`), { method: 'POST' });
    expect([response.status, await isSignedIn(browser)]).toEqual([403, true]);
  });
});

describe('POST /api/auth/backchannel-logout', () => {
  test('200: ends the session that the provider names, in the middle of its use, and no other', async () => {
    const [one, two] = [await signIn('sub-1', 'one'), await signIn('sub-1', 'two')];
    const response = await order({ sub: 'sub-1', sid: 'one' });
    expect([response.status, await response.text(), response.headers.get('cache-control')]).toEqual([
      200,
      '',
      'no-store',
    ]);
    expect([await isSignedIn(one), await isSignedIn(two)]).toEqual([false, true]);
    expect(host.audit).toMatchObject([
      { action: 'session.ended', actor: { kind: 'system' }, after: { reason: 'ended_by_provider' } },
    ]);
  });

  test('200: ends all sessions of a person when no session is named', async () => {
    const [one, two, other] = [await signIn('sub-1', 'a'), await signIn('sub-1', 'b'), await signIn('sub-2', 'c')];
    expect((await order({ sub: 'sub-1' })).status).toBe(200);
    expect([await isSignedIn(one), await isSignedIn(two), await isSignedIn(other)]).toEqual([false, false, true]);
  });

  test('200: ends a session by its name alone', async () => {
    const browser = await signIn('sub-1', 'sid-9');
    expect((await order({ sid: 'sid-9' })).status).toBe(200);
    expect(await isSignedIn(browser)).toBe(false);
  });

  test('200: is content when there is nothing to end', async () => {
    expect((await order({ sub: 'nobody' })).status).toBe(200);
  });

  test.each([undefined, 'logout+jwt', 'application/logout+jwt', 'LOGOUT+JWT'])(
    '200: obeys a token of type %p, as providers in use send it',
    async (typ) => {
      const browser = await signIn();
      expect((await order({ sub: 'sub-1' }, { typ })).status).toBe(200);
      expect(await isSignedIn(browser)).toBe(false);
    },
  );

  test('400: obeys a token once', async () => {
    const token = await provider.logoutToken({ sub: 'sub-1' });
    const body = new URLSearchParams({ logout_token: token }).toString();
    expect((await post(body)).status).toBe(200);
    const browser = await signIn();
    expect((await post(body)).status).toBe(400);
    await host.service.app.get(SeenLogoutTokensRepository, { strict: false }).sweep();
    expect((await post(body)).status).toBe(400);
    expect(await isSignedIn(browser)).toBe(true);
  });

  const now = () => Math.floor(Date.now() / 1_000);
  const cases: [string, Record<string, unknown>, object?][] = [
    ['from another issuer', { iss: 'https://evil.example' }],
    ['for another audience', { aud: 'another-client' }],
    ['without audience', { aud: undefined }],
    ['without iat', { iat: undefined }],
    ['without exp', { exp: undefined }],
    ['without jti', { jti: undefined }],
    ['that has expired', { exp: now() - 3_600 }],
    ['that was made long ago', { iat: now() - 7_200 }],
    ['from the future', { iat: now() + 7_200, exp: now() + 9_000 }],
    ['with a nonce, which is an ID token', { nonce: 'n' }],
    ['without the event', { events: undefined }],
    ['with another event', { events: { 'https://example/other': {} } }],
    ['whose event is no object', { events: { 'http://schemas.openid.net/event/backchannel-logout': 'yes' } }],
    ['that names nobody', { sub: undefined }],
    ['that names nobody properly', { sub: undefined, sid: '' }],
    ['that names a session by a number', { sid: 7 }],
    ['of another type', {}, { typ: 'JWT' }],
    ['of another type altogether', {}, { typ: 'at+jwt' }],
    ['that is an ID token without a type', { events: undefined, nonce: 'n' }, { typ: undefined }],
  ];

  test.each(cases.map(([name, wrong, header = {}]) => ({ name, wrong, header })))(
    '400: does not obey a token $name',
    async ({ wrong, header }) => {
      const browser = await signIn();
      const response = await order({ sub: 'sub-1', ...wrong }, header);
      expect([response.status, response.headers.get('cache-control')]).toEqual([400, 'no-store']);
      expect([await isSignedIn(browser), host.audit]).toEqual([true, []]);
    },
  );

  test('400: does not obey a token that is signed wrongly, or not', async () => {
    const browser = await signIn();
    const right = await provider.logoutToken({ sub: 'sub-1' });
    const payload = JSON.parse(Buffer.from(right.split('.')[1]!, 'base64url').toString()) as JWTPayload;
    const foreign = await provider.sign(payload, { typ: 'logout+jwt', kid: provider.key.kid }, await newKey());
    for (const token of [foreign, provider.unsigned(payload), 'x.y.z', '', right.slice(0, -4)]) {
      expect((await post(new URLSearchParams({ logout_token: token }).toString())).status).toBe(400);
    }
    for (const body of ['', 'logout_token', `token=${right}`, `logout_token=${right}&logout_token=${right}`, right]) {
      expect((await post(body)).status).toBe(400);
    }
    expect(await isSignedIn(browser)).toBe(true);
  });

  test('503: says so while the provider’s keys cannot be had, and ends nothing', async () => {
    const url = await host.another({ OIDC_ISSUER: 'http://127.0.0.1:9', OIDC_CLIENT_ID: CLIENT_ID });
    const response = await fetch(`${url}/api/auth/backchannel-logout`, {
      method: 'POST',
      body: new URLSearchParams({ logout_token: await provider.logoutToken({ sub: 'sub-1' }) }),
    });
    expect(response.status).toBe(503);
  });
});

describe('the table seen_logout_tokens', () => {
  test('is what the entity says', async () => {
    expect(await schemaDrift(host.backbone.postgres.urlOf('auth'), [SeenLogoutTokenEntity])).toEqual([]);
  });
});
