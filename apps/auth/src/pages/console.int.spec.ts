import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { problem } from '@orgn/console-api';
import { eventually, startBackbone, type Backbone } from '@orgn/testing';
import { migrations } from '../migrations/index.ts';
import { authService } from '../service.ts';
import { authSettings } from '../testing/auth-settings.ts';

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

describe('GET /', () => {
  test('200: shows the console page, which stands by itself', async () => {
    const response = await get('/');
    const page = await response.text();
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page).toMatch(/<html lang="en">[\s\S]*<title>Console · ORGN Gateway<\/title>[\s\S]*<h1>Console<\/h1>/);
    expect(page).not.toMatch(/<script|style=|\son\w+=|https?:\/\//);
    for (const [, path] of page.matchAll(/(?:href|src)="([^"]+)"/g)) {
      expect([path, (await get(path as string)).status]).toEqual([path, 200]);
    }
  });

  test('304: does not send again what the browser has', async () => {
    const etag = (await get('/')).headers.get('etag') ?? '';
    // Without a word on caching, fetch adds one of its own that forbids 304.
    const headers = { 'if-none-match': etag, 'cache-control': 'max-age=0' };
    expect((await get('/', { headers })).status).toBe(304);
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
  test.each(['/nowhere', '/index.html/x', '/..%2fpackage.json', '/%2e%2e/package.json', '/.env', '/apis'])(
    '404: is a page (%s)',
    async (path) => {
      const response = await get(path);
      expect([response.status, response.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
      expect(await response.text()).not.toContain(path);
    },
  );

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
  test.each(['/', '/style.css', '/health', '/nowhere', '/api/nothing'])(
    'forbids foreign content, frames and sniffing (%s)',
    async (path) => {
      const { headers } = await get(path);
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none';.*frame-ancestors 'none'$/);
      expect(headers.get('content-security-policy')).not.toContain('unsafe');
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
