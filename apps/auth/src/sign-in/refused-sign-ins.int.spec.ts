import { createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { toSafeError, type ServiceLog } from '@orgn/service-kit';
import { freePort } from '@orgn/testing';
import { SignJWT, type JWTPayload } from 'jose';
import { AuthHost } from '../testing/auth-host.ts';
import { explanations } from './explanations.ts';
import type { RefusalReason } from './sign-in-refusal.ts';
import { Browser, type Page } from './testing/browser.ts';
import {
  CLIENT_ID,
  CLIENT_SECRET,
  MisbehavingProvider,
  newKey,
  type Misbehaviour,
} from './testing/misbehaving-provider.ts';

let provider: MisbehavingProvider;
let host: AuthHost;
let browser: Browser;
const logged: string[] = [];
const client = { OIDC_CLIENT_ID: CLIENT_ID, OIDC_CLIENT_SECRET: CLIENT_SECRET };

beforeAll(async () => {
  provider = await MisbehavingProvider.start();
  host = await AuthHost.start({ OIDC_ISSUER: provider.issuer, ...client });
  const { log } = host.service;
  const write: ServiceLog['warn'] = (...line) =>
    void logged.push(JSON.stringify([...line.slice(0, 2), line[2] === undefined ? null : toSafeError(line[2])]));
  log.warn = write;
});
afterAll(async () => {
  await host.stop();
  await provider.close();
});

beforeEach(() => {
  provider.behave();
  host.audit.length = 0;
  logged.length = 0;
  browser = new Browser();
});

const login = (query = '') => `${host.url}/api/auth/login${query}`;
const now = () => Math.floor(Date.now() / 1_000);
const week = 7 * 24 * 3_600;

/**
 * A page that says what happened, leads on, and signed nobody in; the reason is logged and nothing else, and audited where a
 * pending sign-in ends by it.
 */
function expectRefusal(page: Page, reason: RefusalReason): void {
  const { status, title } = explanations[reason];
  const audited = host.audit.map(({ action, after }) => [action, after]);
  const entries = reason === 'unknown_state' ? [] : [['session.refused', { reason }]];
  expect([page.status, audited]).toEqual([status, entries]);
  expect(page.html).toMatch(/^<!doctype html>/);
  expect(page.html).toContain(`<h1>${title}</h1>`);
  expect(page.html).toMatch(/<a href="\/api\/auth\/login[^"]*">Try again<\/a>/);
  expect([...browser.cookies.keys()].filter((name) => name.startsWith('orgn_session'))).toEqual([]);
  const told = logged.filter((line) => line.includes('sign-in refused'));
  expect(told).toEqual([expect.stringContaining(`"reason":"${reason}"`)]);
  const secrets = [...page.url.searchParams.values(), ...browser.cookies.values()].filter((text) => text.length > 20);
  for (const secret of [...secrets, CLIENT_SECRET, 'eyJ', 'orgn.test']) {
    expect(page.html.includes(secret) ? [secret] : []).toEqual([]);
    expect(logged[0]!.includes(secret) ? [secret] : []).toEqual([]);
  }
}

const claims = (change: JWTPayload): Misbehaviour => ({ claims: (right) => void Object.assign(right, change) });
const without = (name: string): Misbehaviour => ({ claims: (right) => void Reflect.deleteProperty(right, name) });
const answer = (name: string, value?: string): Misbehaviour => ({
  answer: (parameters) => (value === undefined ? parameters.delete(name) : parameters.set(name, value)),
});
const token = (status: number, body: object | string): Misbehaviour => ({
  token: (response) => {
    const isJson = typeof body === 'object';
    response.writeHead(status, { 'content-type': isJson ? 'application/json' : 'text/html' });
    response.end(isJson ? JSON.stringify(body) : body);
  },
});
const hmac = (payload: JWTPayload, secret: string | Buffer, kid?: string) =>
  new SignJWT(payload)
    .setProtectedHeader({ alg: 'HS256', ...(kid !== undefined && { kid }) })
    .sign(Buffer.from(secret));

describe('an ID token is refused', () => {
  const cases: [string, Misbehaviour, RefusalReason][] = [
    ['of another issuer', claims({ iss: 'https://evil.example' }), 'untrusted_answer'],
    ['without iss', without('iss'), 'untrusted_answer'],
    ['for another audience', claims({ aud: 'another-client' }), 'untrusted_answer'],
    ['without aud', without('aud'), 'untrusted_answer'],
    ['for others as well, without azp', claims({ aud: [CLIENT_ID, 'another-client'] }), 'untrusted_answer'],
    ['made for another party', claims({ aud: [CLIENT_ID, 'x'], azp: 'x' }), 'untrusted_answer'],
    ['without sub', without('sub'), 'untrusted_answer'],
    ['with an empty sub', claims({ sub: '' }), 'untrusted_answer'],
    ['with a sub that is no text', claims({ sub: 7 as unknown as string }), 'untrusted_answer'],
    ['with a sub that no table can hold', claims({ sub: 'a\u0000b' }), 'untrusted_answer'],
    ['with an endless sub', claims({ sub: 'a'.repeat(256) }), 'untrusted_answer'],
    ['that has expired', claims({ exp: now() - 3_600 }), 'clock_skew'],
    ['without exp', without('exp'), 'untrusted_answer'],
    ['that is not valid yet', claims({ nbf: now() + 3_600 }), 'clock_skew'],
    ['without iat', without('iat'), 'untrusted_answer'],
    ['that is a week old', claims({ iat: now() - week, exp: now() + week }), 'clock_skew'],
    ['from the future', claims({ iat: now() + 3_600, exp: now() + 7_200 }), 'clock_skew'],
    ['without nonce', without('nonce'), 'untrusted_answer'],
    ['with another nonce', claims({ nonce: 'another' }), 'untrusted_answer'],
    ['without signature', { sign: (right) => provider.unsigned(right) }, 'untrusted_answer'],
    ['signed by the client secret', { sign: (right) => hmac(right, CLIENT_SECRET) }, 'untrusted_answer'],
    [
      'signed by the public key as if it were a secret',
      {
        sign: (right) => {
          const key = createPublicKey({ key: provider.key.publicJwk, format: 'jwk' });
          return hmac(right, key.export({ type: 'spki', format: 'pem' }), provider.key.kid);
        },
      },
      'untrusted_answer',
    ],
    [
      'signed by a foreign key under our provider’s name for its own',
      { sign: async (right) => provider.sign(right, { kid: provider.key.kid }, await newKey()) },
      'untrusted_answer',
    ],
    [
      'signed by a key that is not published',
      { sign: async (right) => provider.sign(right, {}, await newKey()) },
      'untrusted_answer',
    ],
    ['while no key is published', { jwks: () => [] }, 'untrusted_answer'],
    [
      'that was changed after it was signed',
      {
        sign: async (right) => {
          const [header, , signature] = (await provider.sign(right)).split('.');
          const changed = Buffer.from(JSON.stringify({ ...right, sub: 'somebody-else' })).toString('base64url');
          return `${header}.${changed}.${signature}`;
        },
      },
      'untrusted_answer',
    ],
    ['that is none', { sign: () => 'not a token' }, 'untrusted_answer'],
  ];

  test.each(cases)('%s', async (_, wrong, reason) => {
    provider.wrong = wrong;
    expectRefusal(await browser.open(login()), reason);
  });

  test('with the nonce of another tab', async () => {
    const first = await browser.step(login());
    await browser.step(login());
    provider.wrong = claims({ nonce: new URL(first).searchParams.get('nonce') });
    expectRefusal(await browser.open(login()), 'untrusted_answer');
  });

  test('that names no key while there are several', async () => {
    provider.keys.push(await newKey());
    provider.wrong.sign = (right) => provider.sign(right, { kid: undefined });
    expectRefusal(await browser.open(login()), 'untrusted_answer');
  });
});

describe('an ID token is accepted', () => {
  test('that names no key while there is one', async () => {
    provider.wrong.sign = (right) => provider.sign(right, { kid: undefined });
    expect((await browser.open(login())).status).toBe(200);
  });

  test('at once after the provider has rotated its keys, and no longer by the old one', async () => {
    await browser.open(login());
    const old = provider.key;
    await provider.rotate();
    expect((await browser.open(login())).status).toBe(200);
    host.audit.length = 0;
    browser.cookies.clear();
    provider.wrong.sign = (right) => provider.sign(right, {}, old);
    expectRefusal(await browser.open(login()), 'untrusted_answer');
  });

  test('from a clock that is a few seconds off', async () => {
    provider.wrong = claims({ iat: now() + 20, exp: now() - 10 });
    expect((await browser.open(login())).status).toBe(200);
  });
});

describe('an answer is refused', () => {
  const cases: [string, Misbehaviour, RefusalReason][] = [
    ['with a state that was never given', answer('state', 'another'), 'unknown_state'],
    ['without state', answer('state'), 'unknown_state'],
    ['without its issuer', answer('iss'), 'untrusted_answer'],
    ['of another issuer', answer('iss', 'https://evil.example'), 'untrusted_answer'],
    ['without code', answer('code'), 'untrusted_answer'],
    ['with another code', answer('code', 'another'), 'code_refused'],
    ['with two codes', { answer: (parameters) => parameters.append('code', 'another') }, 'untrusted_answer'],
    ['with an ID token in the address', answer('id_token', 'x.y.z'), 'untrusted_answer'],
    ['when the person says no', answer('error', 'access_denied'), 'denied'],
    ['when the provider wants something first', answer('error', 'login_required'), 'provider_refused'],
    ['when the provider does not know what to say', answer('error', '<script>alert(1)</script>'), 'provider_refused'],
    ['when the provider does not know us', answer('error', 'unauthorized_client'), 'provider_misconfigured'],
    ['when the provider has failed', answer('error', 'server_error'), 'provider_unreachable'],
    ['when the provider is busy', answer('error', 'temporarily_unavailable'), 'provider_unreachable'],
  ];

  test.each(cases)('%s', async (_, wrong, reason) => {
    provider.wrong = wrong;
    const page = await browser.open(login());
    expectRefusal(page, reason);
    expect(page.html).not.toContain('<script');
  });
});

describe('an exchange is refused', () => {
  const cases: [string, Misbehaviour, RefusalReason][] = [
    ['when the code is not accepted', token(400, { error: 'invalid_grant' }), 'code_refused'],
    ['when our secret is not accepted', token(401, { error: 'invalid_client' }), 'provider_misconfigured'],
    ['when the provider fails', token(500, 'oops eyJ'), 'provider_unreachable'],
    ['when the provider asks for patience', token(429, {}), 'provider_unreachable'],
    ['when the connection breaks', { token: (response) => void response.destroy() }, 'provider_unreachable'],
    ['when there is no token', token(200, {}), 'untrusted_answer'],
    ['when there is no ID token', token(200, { access_token: 'a', token_type: 'Bearer' }), 'untrusted_answer'],
    ['when it is a page', token(200, '<html>eyJ'), 'untrusted_answer'],
    [
      'when it is no JSON',
      { token: (r) => r.writeHead(200, { 'content-type': 'application/json' }).end('{') },
      'untrusted_answer',
    ],
    [
      'when userinfo speaks of somebody else',
      { claims: (right) => delete right.email, userinfo: (right) => (right.sub = 'somebody-else') },
      'untrusted_answer',
    ],
  ];

  test.each(cases)('%s', async (_, wrong, reason) => {
    provider.wrong = wrong;
    expectRefusal(await browser.open(login()), reason);
  });

  test('when the provider never answers', async () => {
    provider.wrong.token = () => undefined;
    expectRefusal(await browser.open(login()), 'provider_unreachable');
  });
});

describe('a refused sign-in', () => {
  test('can be tried again by its link, and ends where the first was to end', async () => {
    provider.wrong = without('nonce');
    const page = await browser.open(login('?returnTo=%2Fhealth'));
    provider.behave();
    const [, link] = /<a href="([^"]+)">Try again/.exec(page.html)!;
    expect((await browser.open(host.url + link!.replaceAll('&#38;', '&'))).url.pathname).toBe('/health');
  });

  test('leaves the session of before as it was', async () => {
    await browser.open(login());
    provider.wrong = without('nonce');
    expect((await browser.open(login())).status).toBe(400);
    expect((await browser.api('GET', `${host.url}/api/session`)).status).toBe(200);
  });

  test('is a page for nonsense as well', async () => {
    for (const path of ['/api/auth/login?stepUp=7', '/api/auth/callback?state=a&state=b', '/api/auth/callback']) {
      const { status, html } = await browser.open(host.url + path);
      expect([status, html]).toEqual([400, expect.stringMatching(/^<!doctype html>/)]);
    }
  });

  test('503: is a page while the database is down', async () => {
    await host.backbone.postgres.crash();
    for (const path of ['/api/auth/login', '/api/auth/callback?state=x']) {
      browser.cookies.set(`orgn_sign_in_${new URL(host.url).port}`, 'a'.repeat(43));
      const { status, html } = await browser.open(host.url + path);
      expect([status, html]).toEqual([503, expect.stringMatching(/^<!doctype html>/)]);
    }
    await host.backbone.postgres.start();
  });
});

describe('a provider', () => {
  const openAt = async (issuer: string) => {
    const url = await host.another({ OIDC_ISSUER: issuer, ...client });
    return { url, page: await browser.open(`${url}/api/auth/login`) };
  };
  const titleOf = ({ status, html }: Page) => [status, /<h1>(.*)<\/h1>/.exec(html)?.[1]];

  test('that is down does not keep the service from starting, and is found when it comes', async () => {
    const late = await MisbehavingProvider.start();
    await late.close();
    const { url, page } = await openAt(late.issuer);
    expect(titleOf(page)).toEqual([503, 'The identity provider cannot be reached']);
    await late.listen();
    expect((await browser.open(`${url}/api/auth/login`)).status).toBe(200);
    await late.close();
  });

  test('that nobody is, is a page too', async () => {
    const { page } = await openAt(`http://127.0.0.1:${await freePort()}`);
    expect(titleOf(page)).toEqual([503, 'The identity provider cannot be reached']);
  });

  test.each([
    ['calls itself otherwise', (document: Record<string, unknown>) => (document.issuer = 'https://evil.example')],
    ['does not say where to sign in', (document: Record<string, unknown>) => delete document.authorization_endpoint],
    ['publishes no keys', (document: Record<string, unknown>) => delete document.jwks_uri],
  ])('that %s is not trusted', async (_, discovery) => {
    const another = await MisbehavingProvider.start();
    another.wrong = { discovery };
    const { page } = await openAt(another.issuer);
    expect(titleOf(page)).toEqual([503, 'Sign-in is not set up correctly']);
    expect(another.asked).toEqual([]);
    await another.close();
  });
});
