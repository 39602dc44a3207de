import { createSign, generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ServiceLog } from '@orgn/service-kit';
import { Registry } from 'prom-client';
import { Browser } from '../sign-in/testing/browser.ts';
import { CLIENT_ID, CLIENT_SECRET, MisbehavingProvider, newKey } from '../sign-in/testing/misbehaving-provider.ts';
import { AuthHost } from '../testing/auth-host.ts';

let provider: MisbehavingProvider;
let scanner: Server;
/** With limits as in production, and the same without any to speak of. */
let host: AuthHost;
let open: AuthHost;
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const logged: string[] = [];

beforeAll(async () => {
  provider = await MisbehavingProvider.start();
  const key = pair.publicKey.export({ type: 'spki', format: 'pem' });
  scanner = createServer((_request, response) =>
    response.end(JSON.stringify({ public_keys: [{ key_identifier: 'k1', key, is_current: true }] })),
  ).listen(0, '127.0.0.1');
  await new Promise((resolve) => scanner.once('listening', resolve));
  const settings = {
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: CLIENT_ID,
    OIDC_CLIENT_SECRET: CLIENT_SECRET,
    GITHUB_API_URL: `http://127.0.0.1:${(scanner.address() as AddressInfo).port}`,
    TRUSTED_PROXIES: '127.0.0.1',
  };
  host = await AuthHost.start({ ...settings, RATE_LIMIT_FACTOR: '1' });
  open = await AuthHost.start(settings);
  const write: ServiceLog['warn'] = (event, fields) => void logged.push(JSON.stringify([event, fields]));
  for (const { service } of [host, open]) service.log.warn = write;
});
afterAll(async () => {
  await host.stop();
  await open.stop();
  await provider.close();
  scanner.close();
});
beforeEach(() => {
  provider.behave();
  logged.length = 0;
});

const rowsOf = async (which: AuthHost, table: string) =>
  (await which.database.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`)).rows[0]!.n;
const from = (address: string) => ({ 'x-forwarded-for': address });
const get = (path: string, headers: Record<string, string>, which = host) =>
  fetch(which.url + path, { redirect: 'manual', headers });

/** Asks until it is refused. @returns how often it was not; -1: it never was */
async function roomFor(ask: (at: number) => Promise<Response>, atMost: number): Promise<number> {
  for (let at = 0; at < atMost; at += 1) {
    const response = await ask(at);
    await response.arrayBuffer();
    if (response.status === 429) {
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
      return at;
    }
  }
  return -1;
}

async function metric(which: AuthHost, attempt: string): Promise<number> {
  const json = await which.service.app.get(Registry).getSingleMetric('orgn_console_strangers_total')!.get();
  return json.values.filter(({ labels }) => labels.attempt === attempt).reduce((sum, { value }) => sum + value, 0);
}

describe('what strangers do', () => {
  test('leaves nothing in the audit log: 1,000 answers to sign-ins that were never begun, 0 rows', async () => {
    const before = [await rowsOf(open, 'audit_entries'), await rowsOf(open, 'pending_sign_ins')];
    const cookie = `orgn_sign_in_${new URL(open.url).port}=${'a'.repeat(43)}`;
    for (let at = 0; at < 1_000; at += 1) {
      const response = await get(`/api/auth/callback?state=x${at}`, at % 2 ? { cookie } : {}, open);
      expect([response.status, (await response.text()).includes('is not known here')]).toEqual([400, true]);
    }
    expect([await rowsOf(open, 'audit_entries'), await rowsOf(open, 'pending_sign_ins')]).toEqual(before);
    expect(await metric(open, 'sign_in')).toBe(1_000);
    // Some lines, for whoever looks; not as many as strangers like.
    expect(logged.length).toBeGreaterThan(0);
    expect(logged.length).toBeLessThanOrEqual(12);
  });

  test('is audited where it ends a sign-in that was pending, and once only', async () => {
    const browser = new Browser();
    provider.wrong = { claims: (right) => delete right.nonce };
    const page = await browser.open(`${open.url}/api/auth/login`);
    expect([page.status, open.audit.map(({ action }) => action)]).toEqual([400, ['session.refused']]);
    for (let at = 0; at < 20; at += 1) expect((await browser.open(page.url)).status).toBe(400);
    expect(open.audit).toHaveLength(1);
  });

  test('leaves nothing in the audit log while the provider is down', async () => {
    provider.wrong = { discovery: (document) => (document.issuer = 'https://evil.example') };
    const before = await rowsOf(open, 'audit_entries');
    for (let at = 0; at < 50; at += 1) await (await get('/api/auth/login', {}, open)).arrayBuffer();
    expect(await rowsOf(open, 'audit_entries')).toBe(before);
  });
});

describe('a network of strangers', () => {
  test.each([
    ['/api/auth/login', 60, 200],
    ['/api/auth/callback?state=x', 120, 200],
    ['/api/docs', 600, 700],
    ['/api/openapi.json', 600, 700],
  ])('asks for %s %i times a minute, with whichever of its addresses', async (path, limit, tries) => {
    const salt = randomBytes(1)[0]!;
    const ipv6 = (at: number) => `2001:db8:${(limit + path.length).toString(16)}:${at.toString(16)}::${salt}`;
    expect(await roomFor((at) => get(path, from(ipv6(at))), tries)).toBe(limit);
    const ipv4 = (at: number) => `198.51.${path.length}.${at % 250}`;
    expect(await roomFor((at) => get(path, from(ipv4(at))), tries)).toBe(limit);
    // Another network has lost nothing by it.
    expect((await get(path, from('192.0.2.7'))).status).not.toBe(429);
  });

  test('signs nobody out too often', async () => {
    const leave = () =>
      fetch(`${host.url}/api/auth/logout`, { method: 'POST', headers: { 'x-orgn-csrf': '1', ...from('203.0.113.1') } });
    expect(await roomFor(leave, 700)).toBe(600);
  });

  test('gets files and the health of the host as often as it likes', async () => {
    const paths = ['/', '/style.css', '/icon.svg', '/health'];
    expect(await roomFor((at) => get(paths[at % 4]!, from('198.51.100.9')), 700)).toBe(-1);
  });

  test('is refused when it makes up sessions, while people who are signed in there go on', async () => {
    const { cookie } = await host.person();
    const [name] = cookie.split('=');
    const ask = (value: string) => get('/api/session', { cookie: value, ...from('203.0.115.77') });
    expect((await ask(cookie)).status).toBe(200);
    const madeUp = () => ask(`${name}=${randomBytes(32).toString('base64url')}`);
    expect(await roomFor(madeUp, 700)).toBe(120);
    expect([(await madeUp()).status, (await ask(cookie)).status]).toEqual([429, 200]);
  });
});

function parts(token: string) {
  const read = (part = '') => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
  const [header, payload] = token.split('.');
  return { protectedHeader: read(header), payload: read(payload) };
}

describe('a signature', () => {
  const token = (text: string) =>
    fetch(`${host.url}/api/auth/backchannel-logout`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...from('203.0.113.201') },
      body: new URLSearchParams({ logout_token: text }).toString(),
    });
  const reported = JSON.stringify([{ token: 'sk-ollm-none', type: 'orgn', url: '', source: 'content' }]);
  const report = (signature: string, identifier = 'k1') =>
    fetch(`${host.url}/api/leaks/github`, {
      method: 'POST',
      headers: {
        'github-public-key-identifier': identifier,
        'github-public-key-signature': signature,
        ...from('203.0.114.201'),
      },
      body: reported,
    });

  test('of a logout token that is false is counted; the provider’s own tokens pass whatever its network sends', async () => {
    const foreign = await newKey();
    const { protectedHeader, payload } = parts(await provider.logoutToken({ sid: 'sid-1' }));
    const forged = async () => token(await provider.sign(payload, protectedHeader, foreign));
    expect(await roomFor(forged, 100)).toBe(60);
    expect([await roomFor(() => token('nonsense'), 2), await rowsOf(host, 'audit_entries')]).toEqual([0, 0]);
    for (let at = 0; at < 100; at += 1) {
      expect((await token(await provider.logoutToken({ sid: 'sid-1' }))).status).toBe(200);
    }
    expect(await metric(host, 'logout_token')).toBeGreaterThanOrEqual(61);
    expect(logged.length).toBeLessThanOrEqual(12);
  });

  test('of a leak report that is false is counted; the scanner’s own reports pass whatever its network sends', async () => {
    const good = createSign('SHA256').update(reported).sign(pair.privateKey, 'base64');
    const bad = createSign('SHA256').update('[]').sign(pair.privateKey, 'base64');
    expect(await roomFor((at) => report(bad, at % 2 ? 'k1' : 'made-up'), 100)).toBe(60);
    for (let at = 0; at < 100; at += 1) expect((await report(good)).status).toBe(200);
    expect([await metric(host, 'leak_report'), await rowsOf(host, 'audit_entries')]).toEqual([61, 0]);
  });
});
