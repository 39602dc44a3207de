import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { demoUsers } from './demo-users.ts';
import { Browser } from './testing/browser.ts';
import type { Page } from './testing/browser.ts';
import { RunningIdOrgn } from './testing/running-id-orgn.ts';
import type { Claims } from './testing/running-id-orgn.ts';

let idOrgn: RunningIdOrgn;
let browser: Browser;
beforeAll(async () => {
  idOrgn = await RunningIdOrgn.start();
});
beforeEach(() => {
  browser = new Browser(idOrgn.consoleUrl);
});
afterAll(async () => {
  await idOrgn.stop();
});

interface Tokens {
  readonly id_token: string;
  readonly access_token: string;
  readonly claims: Claims;
}

/** Signs in by a hint and redeems the code. */
async function signIn(parameters: Readonly<Record<string, string>> = {}): Promise<Tokens> {
  const { url, verifier } = idOrgn.authorization({ login_hint: 'member@orgn.test', ...parameters });
  return redeem(await browser.visit(url), verifier);
}

async function redeem(callback: Page, verifier: string): Promise<Tokens> {
  const response = await idOrgn.redeem(callback.url.searchParams.get('code') ?? '', verifier);
  expect(response.status).toBe(200);
  const tokens = (await response.json()) as Tokens;
  return { ...tokens, claims: await idOrgn.claimsOf(tokens.id_token) };
}

describe('a sign-in', () => {
  test.each(demoUsers)('needs no form when the hint names $email', async (user) => {
    const { url, verifier } = idOrgn.authorization({ login_hint: user.email });
    const callback = await browser.visit(url);
    expect(callback.url.href).toContain(`${idOrgn.consoleUrl}/api/auth/callback?code=`);
    expect(callback.url.searchParams.get('state')).toBe('state-1');
    const { claims, access_token } = await redeem(callback, verifier);
    const { role: _, ...claimed } = user;
    const person = { ...claimed, email_verified: true };
    expect(claims).toMatchObject({ ...person, iss: idOrgn.issuer, aud: 'orgn-console', nonce: 'nonce-1' });
    expect(claims.auth_time).toBeGreaterThan(Date.now() / 1000 - 60);
    const userinfo = await fetch(`${idOrgn.issuer}/me`, { headers: { authorization: `Bearer ${access_token}` } });
    expect(await userinfo.json()).toEqual(person);
  });

  test('shows the four users as buttons without a hint, and signs in the chosen one', async () => {
    const { url, verifier } = idOrgn.authorization();
    const page = await browser.visit(url);
    expect(Array.from(page.html.matchAll(/name="email" value="([^"]+)"/g), ([, email]) => email)).toEqual(
      demoUsers.map((user) => user.email),
    );
    const { claims } = await redeem(await browser.submit(page, { email: 'viewer@orgn.test' }), verifier);
    expect(claims.sub).toBe('demo-viewer');
  });

  test('asks again when the posted user does not exist', async () => {
    const page = await browser.visit(idOrgn.authorization({ login_hint: 'nobody@orgn.test' }).url);
    expect((await browser.submit(page, { email: '"><script>' })).html).toContain('Choose who you are');
  });

  test('is remembered: the same browser is not asked again', async () => {
    const { claims: first } = await signIn();
    const { url, verifier } = idOrgn.authorization({ prompt: 'none' });
    const { claims } = await redeem(await browser.visit(url), verifier);
    expect([claims.sub, claims.auth_time]).toEqual([first.sub, first.auth_time]);
  });

  test.each([{ prompt: 'login' }, { max_age: '1' }])('is done anew for %j', async (parameters) => {
    const { claims: first } = await signIn();
    await browser.idle(2.1);
    const { claims } = await signIn(parameters);
    expect(claims.sub).toBe(first.sub);
    expect(claims.auth_time).toBeGreaterThan(Number(first.auth_time));
  });

  test('of another user signs the first one out', async () => {
    await signIn();
    const { url, verifier } = idOrgn.authorization({ login_hint: 'owner@orgn.test' });
    const { claims } = await redeem(await browser.submit(await browser.visit(url)), verifier);
    expect(claims.sub).toBe('demo-owner');
  });

  test('fails with login_required when nobody is signed in and nobody may be asked', async () => {
    const callback = await browser.visit(idOrgn.authorization({ prompt: 'none' }).url);
    expect(callback.url.searchParams.get('error')).toBe('login_required');
  });

  test('cannot be continued in another browser', async () => {
    const page = await browser.visit(idOrgn.authorization().url);
    const stranger = await new Browser(idOrgn.consoleUrl).submit(page, { email: 'owner@orgn.test' });
    expect([stranger.status, stranger.html]).toEqual([400, expect.stringContaining('Sign-in expired')]);
  });
});

describe('the client orgn-console', () => {
  test('must use PKCE with S256', async () => {
    const without = await browser.visit(idOrgn.authorization({ code_challenge: '', code_challenge_method: '' }).url);
    expect(without.url.searchParams.get('error')).toBe('invalid_request');
    const { url } = idOrgn.authorization({ login_hint: 'owner@orgn.test' });
    const code = (await browser.visit(url)).url.searchParams.get('code') ?? '';
    expect((await idOrgn.redeem(code, 'another-verifier-that-is-long-enough-for-the-rules')).status).toBe(400);
  });

  test('must know its secret', async () => {
    const { url, verifier } = idOrgn.authorization({ login_hint: 'owner@orgn.test' });
    const code = (await browser.visit(url)).url.searchParams.get('code') ?? '';
    expect((await idOrgn.redeem(code, verifier, 'wrong')).status).toBe(401);
  });

  test('can redeem a code once', async () => {
    const { url, verifier } = idOrgn.authorization({ login_hint: 'owner@orgn.test' });
    const code = (await browser.visit(url)).url.searchParams.get('code') ?? '';
    expect((await idOrgn.redeem(code, verifier)).status).toBe(200);
    expect((await idOrgn.redeem(code, verifier)).status).toBe(400);
  });

  test('gets answers only at its own address', async () => {
    const page = await browser.visit(idOrgn.authorization({ redirect_uri: 'http://127.0.0.1:1/callback' }).url);
    expect([page.status, page.html]).toEqual([400, expect.stringContaining('redirect_uri')]);
  });
});

describe('a sign-out', () => {
  test('ends the session, tells the console behind the browser and goes back to it', async () => {
    const { id_token, claims } = await signIn();
    const parameters = { id_token_hint: id_token, post_logout_redirect_uri: `${idOrgn.consoleUrl}/`, state: 'bye' };
    const page = await browser.visit(`${idOrgn.issuer}/session/end?${new URLSearchParams(parameters).toString()}`);
    idOrgn.logouts.length = 0;
    const back = await browser.submit(page);
    expect(back.url.href).toBe(`${idOrgn.consoleUrl}/?state=bye`);
    expect(idOrgn.logouts).toEqual([{ path: '/api/auth/backchannel-logout', token: expect.any(String) }]);
    expect(await idOrgn.claimsOf(idOrgn.logouts[0]?.token ?? '')).toMatchObject({
      iss: idOrgn.issuer,
      aud: 'orgn-console',
      sub: claims.sub,
      sid: claims.sid,
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    });
    const after = await browser.visit(idOrgn.authorization({ prompt: 'none' }).url);
    expect(after.url.searchParams.get('error')).toBe('login_required');
  });
});

describe('discovery', () => {
  test('tells what the console needs', async () => {
    const response = await fetch(`${idOrgn.issuer}/.well-known/openid-configuration`);
    expect(await response.json()).toMatchObject({
      issuer: idOrgn.issuer,
      end_session_endpoint: `${idOrgn.issuer}/session/end`,
      code_challenge_methods_supported: ['S256'],
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: true,
      orgn_simulator: true,
    });
  });
});
