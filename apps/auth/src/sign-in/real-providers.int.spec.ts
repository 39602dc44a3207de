import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { getSession } from '@orgn/console-api';
import { SignJWT } from 'jose';
import { TeamHost } from '../testing/team-host.ts';
import { Browser } from './testing/browser.ts';
import { newCertificate } from './testing/certificate.ts';
import { CLIENT_ID, CLIENT_SECRET, MisbehavingProvider } from './testing/misbehaving-provider.ts';

/** What providers in use do: each test is something that one of them did to a real deployment. */
let provider: MisbehavingProvider;
let host: TeamHost;
let browser: Browser;
const client = { OIDC_CLIENT_ID: CLIENT_ID, OIDC_CLIENT_SECRET: CLIENT_SECRET };

beforeAll(async () => {
  provider = await MisbehavingProvider.start();
  host = await TeamHost.start({ OIDC_ISSUER: provider.issuer, ...client });
});
afterAll(async () => {
  await host.stop();
  await provider.close();
});
beforeEach(() => {
  provider.behave();
  browser = new Browser();
});

const at = (path: string, origin = host.auth.url) => `${origin}${path}`;
const sessionOf = async (origin = host.auth.url) =>
  getSession.reply.parse(await (await browser.api('GET', at('/api/session', origin))).json());
const nameOf = ({ html }: { html: string }) => /<h1>(.*)<\/h1>/.exec(html)?.[1];
const call = (method: string, path: string, body: object) =>
  browser.send(new URL(at(path)), {
    method,
    headers: { 'x-orgn-csrf': '1', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

describe('a provider that does not say when somebody proved who they are', () => {
  beforeEach(() => {
    provider.wrong.claims = (claims) => delete claims.auth_time;
  });

  test('makes no sign-in fresh, however often it sends the browser back in silence', async () => {
    for (let time = 0; time < 2; time += 1) {
      await browser.open(at('/api/auth/login'));
      expect((await sessionOf()).session).toMatchObject({ authenticatedAt: null, isFresh: false });
    }
    const { teams } = await sessionOf();
    const made = await call('POST', `/api/teams/${teams[0]!.id}/keys`, { name: 'ci' });
    expect([made.status, await made.json()]).toMatchObject([403, { code: 'reauthentication_required' }]);
    const list = await browser.api('GET', at('/api/sessions'));
    expect(await list.json()).toMatchObject({ data: [{ authenticatedAt: null }] });
  });

  test('but does when it is asked for it, signs in somebody who can make keys at once', async () => {
    provider.wrong.claims = (claims) => {
      if (!provider.asked.at(-1)!.has('max_age')) delete claims.auth_time;
    };
    await browser.open(at('/api/auth/login'));
    expect((await sessionOf()).session.isFresh).toBe(true);
  });
});

describe('a provider that is asked by userinfo', () => {
  test.each([
    [{ email_verified: false }, false],
    [{ email_verified: 'false' }, false],
    [{ email_verified: 'true' }, true],
    [{ email: 'another@orgn.test', email_verified: true }, false],
    [{ email_verified: undefined }, false],
  ])('is heard: with %j the address of the ID token counts as verified: %p', async (userinfo, isVerified) => {
    provider.wrong.claims = (claims) => delete claims.email_verified;
    provider.wrong.userinfo = (claims) => Object.assign(claims, { email: provider.person.email }, userinfo);
    await browser.open(at('/api/auth/login'));
    expect((await sessionOf()).user).toMatchObject({ email: 'sub-1@orgn.test', emailVerified: isVerified });
  });
});

describe('a provider that says nothing of whether addresses are verified', () => {
  const invite = async (email: string): Promise<string> => {
    const team = await host.team();
    const { body } = await host.call(team.owner, 'POST', `/api/teams/${team.id}/invitations`, {
      email,
      role: 'member',
    });
    return String(body.link).split('#token=')[1]!;
  };
  const accept = async (origin: string, token: string) =>
    browser.send(new URL(at('/api/invitations/accept', origin)), {
      method: 'POST',
      headers: { 'x-orgn-csrf': '1', 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    });

  test.each([
    ['trusts', () => provider.issuer, undefined, 200],
    ['trusts, unless it says no', () => provider.issuer, false, 403],
    ['does not trust, because it trusts another', () => 'https://id.example', undefined, 403],
  ])('lets people into teams where the operator %s it', async (_, trusted, said, status) => {
    const url = await host.auth.another({ OIDC_ISSUER: provider.issuer, OIDC_TRUST_EMAIL: trusted(), ...client });
    provider.behave(`of-entra-${status}-${String(said)}`);
    provider.person.email_verified = said;
    provider.wrong.userinfo = (claims) => Object.assign(claims, { email: provider.person.email, email_verified: said });
    await browser.open(`${url}/api/auth/login`);
    const response = await accept(url, await invite(String(provider.person.email)));
    expect(response.status).toBe(status);
  });
});

describe('a provider that is down', () => {
  test('is found out before the browser is sent to it, and sign-in works as soon as it is back', async () => {
    expect((await browser.open(at('/api/auth/login'))).status).toBe(200);
    await provider.close();
    const page = await browser.open(at('/api/auth/login?returnTo=%2Fhealth'));
    expect([page.status, nameOf(page)]).toEqual([503, 'The identity provider cannot be reached']);
    expect(page.html).toContain('returnTo=%2Fhealth');
    await provider.listen();
    expect((await browser.open(at('/api/auth/login?returnTo=%2Fhealth'))).url.pathname).toBe('/health');
  });

  test.each([500, 502, 503])('behind a proxy that answers %i is down too', async (status) => {
    await browser.open(at('/api/auth/login'));
    provider.wrong.everything = (response) => Boolean(response.writeHead(status).end());
    const page = await browser.open(at('/api/auth/login'));
    expect([page.status, nameOf(page)]).toEqual([503, 'The identity provider cannot be reached']);
  });

  test('or hangs, is a page after a few seconds', async () => {
    await browser.open(at('/api/auth/login'));
    provider.wrong.everything = () => true;
    const page = await browser.open(at('/api/auth/login'));
    expect([page.status, nameOf(page)]).toEqual([503, 'The identity provider cannot be reached']);
  });

  test('while an answer is redeemed uses the answer not up', async () => {
    const callback = await browser.step(await browser.step(at('/api/auth/login?returnTo=%2Fhealth')));
    provider.wrong.token = (response) => void response.writeHead(503).end();
    expect((await browser.open(callback)).status).toBe(503);
    delete provider.wrong.token;
    expect((await browser.open(callback)).url.pathname).toBe('/health');
  });
});

describe('a provider behind a private authority', () => {
  const dir = mkdtempSync(join(tmpdir(), 'orgn-ca-'));
  afterAll(() => rmSync(dir, { recursive: true }));

  test('is trusted by OIDC_CA_FILE; without it the page says that trying again is no use', async () => {
    const certificate = newCertificate();
    const behind = await MisbehavingProvider.start(certificate);
    const file = join(dir, 'ca.pem');
    writeFileSync(file, `# ours\n${newCertificate().cert}${certificate.cert}`);
    const settings = { OIDC_ISSUER: behind.issuer, ...client };
    const plain = await host.auth.another(settings);
    const page = await browser.open(`${plain}/api/auth/login`);
    expect([page.status, nameOf(page)]).toEqual([503, 'Sign-in is not set up correctly']);
    const trusting = await host.auth.another({ ...settings, OIDC_CA_FILE: file });
    const asked = await browser.step(`${trusting}/api/auth/login`);
    expect(asked.origin).toBe(behind.issuer);
    // The browser of this test does not trust that authority: it is told where the provider would send it.
    expect((await browser.open(behind.codeFor(asked.searchParams))).status).toBe(200);
    expect((await sessionOf(trusting)).user.email).toBe('sub-1@orgn.test');
    const { logoutUrl } = (await (await browser.api('POST', `${trusting}/api/auth/logout`)).json()) as {
      logoutUrl: string;
    };
    expect(new URL(logoutUrl).searchParams.has('id_token_hint')).toBe(true);
    await behind.close();
  });
});

describe('a deployment that changes to another issuer', () => {
  test('signs everybody out: what another issuer has said counts no more', async () => {
    const other = await MisbehavingProvider.start();
    await browser.open(at('/api/auth/login'));
    const url = await host.auth.another({ OIDC_ISSUER: other.issuer, ...client });
    const [[, secret] = []] = [...browser.cookies].filter(([name]) => name.startsWith('orgn_session'));
    browser.cookies.set(`orgn_session_${new URL(url).port}`, secret!);
    expect((await browser.api('GET', `${url}/api/session`)).status).toBe(401);
    const left = (await (await browser.api('POST', `${url}/api/auth/logout`)).json()) as { logoutUrl: string };
    const { origin, searchParams } = new URL(left.logoutUrl);
    expect([origin, searchParams.has('id_token_hint'), searchParams.get('client_id')]).toEqual([
      other.issuer,
      false,
      CLIENT_ID,
    ]);
    await other.close();
  });
});

describe('signing out of the provider', () => {
  const wayOut = async (): Promise<URLSearchParams> => {
    const response = await browser.api('POST', at('/api/auth/logout'));
    const { logoutUrl } = (await response.json()) as { logoutUrl: string };
    return new URL(logoutUrl).searchParams;
  };

  test('hints at the ID token that it knows for its own, expired or not', async () => {
    provider.wrong.claims = (claims) => Object.assign(claims, { exp: Math.floor(Date.now() / 1_000) + 1 });
    await browser.open(at('/api/auth/login'));
    await new Promise((done) => setTimeout(done, 1_100));
    const asked = await wayOut();
    expect([asked.has('id_token_hint'), asked.get('client_id')]).toEqual([true, CLIENT_ID]);
  });

  test.each<[string, () => Promise<void> | void]>([
    ['whose key it has forgotten', () => provider.rotate()],
    ['while its keys cannot be had', () => void (provider.wrong.jwks = () => 'nothing' as never)],
  ])('names this deployment instead of hinting at a token %s', async (_, forget) => {
    await browser.open(at('/api/auth/login'));
    await forget();
    const asked = await wayOut();
    expect([asked.has('id_token_hint'), asked.get('client_id'), asked.get('post_logout_redirect_uri')]).toEqual([
      false,
      CLIENT_ID,
      at('/'),
    ]);
  });

  test('names this deployment where no ID token is kept, or the session has ended by itself', async () => {
    for (const statement of [
      'UPDATE sessions SET id_token_sealed = NULL',
      `UPDATE sessions SET last_seen_at = now() - interval '9 hours'`,
    ]) {
      await browser.open(at('/api/auth/login'));
      await host.auth.database.query(statement);
      const asked = await wayOut();
      expect([asked.has('id_token_hint'), asked.get('client_id')]).toEqual([false, CLIENT_ID]);
    }
  });
});

describe('the log', () => {
  const logged: object[] = [];
  beforeAll(() => {
    const { log } = host.auth.service;
    log.warn = (_, fields) => void logged.push(fields ?? {});
    log.error = (_, __, fields) => void logged.push(fields ?? {});
  });
  beforeEach(() => void (logged.length = 0));

  const token = (status: number, body: object, more: Record<string, string> = {}) => {
    provider.wrong.token = (response) => {
      response.writeHead(status, { 'content-type': 'application/json', ...more }).end(JSON.stringify(body));
    };
  };
  const cases: [string, () => void, object][] = [
    [
      'the claim that is not for us',
      () => (provider.wrong.claims = (claims) => Object.assign(claims, { aud: [] })),
      { claim: 'aud' },
    ],
    ['the claim that is missing', () => (provider.wrong.claims = (claims) => delete claims.exp), { claim: 'exp' }],
    [
      'the claim that is of another time',
      () => (provider.wrong.claims = (claims) => Object.assign(claims, { exp: 1_000 })),
      { reason: 'clock_skew', claim: 'exp' },
    ],
    [
      'the algorithm that is a secret’s',
      () =>
        (provider.wrong.sign = (claims) =>
          new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(CLIENT_SECRET))),
      { algorithm: 'HS256' },
    ],
    [
      'the code for a secret that is wrong',
      () => token(400, { error: 'invalid_client', error_description: 'Grace Hopper' }),
      { reason: 'provider_misconfigured', oauthError: 'invalid_client' },
    ],
    [
      'the code of a challenge',
      () => token(401, {}, { 'www-authenticate': 'Basic error="invalid_client", realm="Grace Hopper"' }),
      { reason: 'provider_misconfigured' },
    ],
    [
      'that a code is none that OAuth has',
      () => token(400, { error: 'grace_hopper' }),
      { reason: 'code_refused', oauthError: 'other' },
    ],
    ['the status of an answer that is none', () => token(418, {}), { status: 418 }],
  ];
  test.each(cases)('names %s, and no value', async (_, misbehave, named) => {
    misbehave();
    await browser.open(at('/api/auth/login'));
    expect(logged).toEqual([expect.objectContaining(named)]);
    expect(JSON.stringify(logged)).not.toMatch(/grace|hopper|eyJ|orgn\.test/i);
  });

  test.each([
    ['of another type', { sub: 'sub-1' }, { typ: 'JWT' }, { reason: 'invalid', claim: 'typ' }],
    ['for somebody else', { sub: 'sub-1', aud: 'x' }, {}, { reason: 'invalid', claim: 'aud' }],
    ['about nobody', {}, {}, { reason: 'invalid', claim: 'sub' }],
  ])('says why a logout token %s is not obeyed', async (_, claims, header, named) => {
    const body = new URLSearchParams({ logout_token: await provider.logoutToken(claims, header) });
    const response = await fetch(at('/api/auth/backchannel-logout'), { method: 'POST', body });
    expect([response.status, logged]).toEqual([400, [expect.objectContaining(named)]]);
  });
});
