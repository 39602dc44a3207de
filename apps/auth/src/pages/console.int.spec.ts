import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { problem } from '@orgn/console-api';
import { eventually, startBackbone, type Backbone } from '@orgn/testing';
import { migrations } from '../migrations/index.ts';
import { authService } from '../service.ts';
import { authSettings } from '../testing/auth-settings.ts';

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: blob:; font-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

let backbone: Backbone;
let host: string;

beforeAll(async () => {
  backbone = await startBackbone([{ name: 'auth', migrations }]);
  const auth = await backbone.start(authService, {
    instance: 'auth-1',
    schema: 'auth',
    servesHttp: true,
    more: await authSettings(),
  });
  host = `http://127.0.0.1:${(auth.config as unknown as { HTTP_PORT: number }).HTTP_PORT}`;
});

afterAll(() => backbone.stop());

const get = (path: string, init?: RequestInit) => fetch(host + path, init);

const PAGES = [
  '/',
  '/teams/team_demo/keys',
  '/teams/team_demo/keys?show=ended',
  '/profile',
  '/profile/',
  '/teams/team_demo/keys/',
];

describe('GET of a page', () => {
  test.each(PAGES)('200: is the console, asked for anew each time (%s)', async (path) => {
    const response = await get(path);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(response.headers.get('cache-control')).toBe('no-cache');
    const page = await response.text();
    for (const [, file] of page.matchAll(/(?:href|src)="([^"]+)"/g)) {
      expect([file, (await get(file as string)).status]).toEqual([file, 200]);
    }
  });

  test('304: does not send again what the browser has', async () => {
    const etag = (await get('/')).headers.get('etag') ?? '';
    // Without a word on caching, fetch adds one of its own that forbids 304.
    const headers = { 'if-none-match': etag, 'cache-control': 'max-age=0' };
    expect((await get('/', { headers })).status).toBe(304);
  });

  test.each([
    ['br', 'br'],
    ['gzip', 'gzip'],
    ['gzip, br;q=1.0', 'br'],
    ['br;q=0, gzip', 'gzip'],
    ['identity', null],
  ])('is compressed as the browser takes it (%s)', async (accepted, encoding) => {
    for (const path of ['/', '/assets/index-0a1b2c3d.js']) {
      const response = await get(path, { headers: { 'accept-encoding': accepted } });
      expect([path, response.headers.get('content-encoding')]).toEqual([path, encoding]);
      expect(response.headers.get('vary')).toContain('accept-encoding');
      expect((await response.text()).length).toBeGreaterThan(200);
    }
  });
});

describe('GET of a file', () => {
  test('200: is kept for good where its name says what is in it, and asked for anew elsewhere', async () => {
    const hashed = await get('/assets/index-0a1b2c3d.js');
    expect(hashed.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(hashed.headers.get('content-type')).toMatch(/^(text|application)\/javascript(;|$)/);
    expect((await get('/style.css')).headers.get('cache-control')).toBe('no-cache');
  });

  test.each([
    '/index.html',
    '/pages.json',
    '/index.html.br',
    '/assets/index-0a1b2c3d.js.gz',
    '/assets/gone-0a1b2c3d.js',
  ])('404: is not there for what only this host reads, or what is gone (%s)', async (path) => {
    expect((await get(path)).status).toBe(404);
  });
});

describe('GET /health', () => {
  test('200: says that the host can work, and no more', async () => {
    const response = await get('/health');
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
  });

  test('503: while the database is down', async () => {
    await backbone.postgres.crash();
    await eventually(async () => {
      const response = await get('/health');
      expect([response.status, await response.json()]).toEqual([503, { status: 'unavailable' }]);
    });
    await backbone.postgres.start();
  });
});

describe('an address that leads nowhere', () => {
  test.each([
    '/nowhere',
    '/index.html/x',
    '/..%2fpackage.json',
    '/%2e%2e/package.json',
    '/.env',
    '/apis',
    '/teams/x/y/z',
  ])('404: is the console, which says so, and nobody keeps it (%s)', async (path) => {
    const response = await get(path);
    expect([response.status, response.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const text = await response.text();
    expect(text).toContain('<div id="console">');
    expect(text).not.toContain(path);
  });

  test('404: is a problem document for programs that read as well', async () => {
    const response = await get('/api/nothing');
    expect(response.status).toBe(404);
    expect(problem.parse(await response.json())).toMatchObject({ code: 'not_found', status: 404 });
  });

  test.each(['/api', '/api/keys', '/api?x=1'])('404: is a problem document under /api (%s)', async (path) => {
    const response = await get(path, { method: 'POST', body: '{}' });
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json(;|$)/);
    const refusal = problem.parse(await response.json());
    expect(refusal).toMatchObject({ code: 'not_found', title: 'Not Found', status: 404 });
    expect(JSON.stringify(refusal)).not.toContain(path);
  });
});

describe('a body that cannot be read', () => {
  test.each([
    [400, 'invalid_request', '{"secret": "sk-o'],
    [413, 'request_too_large', JSON.stringify('sk-o'.repeat(300_000))],
  ])('%i: is refused without being quoted', async (status, code, body) => {
    const response = await get('/api/auth/backchannel-logout', { method: 'POST', body });
    const text = await response.text();
    expect([response.status, problem.parse(JSON.parse(text)).code]).toEqual([status, code]);
    expect(text).not.toContain('sk-o');
  });
});

describe('every answer', () => {
  test.each(['/', '/style.css', '/health', '/nowhere', '/api/nothing', '/api/docs', '/invitations/accept'])(
    'forbids foreign content, frames and sniffing (%s)',
    async (path) => {
      const { headers } = await get(path);
      expect(headers.get('content-security-policy')).toBe(POLICY);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('strict-transport-security')).toBeNull();
    },
  );

  test('binds browsers to TLS where the console is reached by it', async () => {
    const more = await authSettings({ CONSOLE_URL: 'https://console.example' });
    await backbone.start(authService, { instance: 'auth-2', schema: 'auth', servesHttp: true, more });
    for (const path of ['/', '/style.css', '/nowhere', '/api/session', '/api/auth/callback']) {
      const { headers } = await fetch(`http://127.0.0.1:${more.HTTP_PORT}${path}`);
      expect([path, headers.get('strict-transport-security')]).toEqual([path, 'max-age=31536000']);
    }
  });
});
