import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { getSession, signOut } from '@orgn/console-api';
import { freePort } from '@orgn/testing';
import { AuthHost } from '../testing/auth-host.ts';
import { Browser, type Page } from './testing/browser.ts';
import { CLIENT_ID, CLIENT_SECRET } from './testing/misbehaving-provider.ts';
import { startSimulator, type Simulator } from './testing/simulator.ts';

const run = promisify(execFile);
const dir = mkdtempSync(join(tmpdir(), 'orgn-curl-'));

let simulator: Simulator;
let host: AuthHost;
let browser: Browser;
let jars = 0;
let jar: string;

beforeAll(async () => {
  const port = await freePort();
  const client = { OIDC_CLIENT_ID: CLIENT_ID, OIDC_CLIENT_SECRET: CLIENT_SECRET, OPERATOR_GROUPS: 'gateway-operators' };
  // The provider is found when somebody signs in, not when the service starts.
  host = await AuthHost.start({ OIDC_ISSUER: `http://localhost:${port}`, ...client });
  simulator = await startSimulator(host.url, CLIENT_SECRET, port);
});
afterAll(async () => {
  await host.stop();
  await simulator.stop();
  rmSync(dir, { recursive: true });
});

beforeEach(() => {
  host.audit.length = 0;
  browser = new Browser();
  jar = join(dir, `jar-${(jars += 1)}`);
});

async function curl(path: string, ...options: string[]) {
  const format = '%{stderr}%{http_code} %{url_effective}';
  const { stdout, stderr } = await run('curl', [
    '-sL',
    '-c',
    jar,
    '-b',
    jar,
    '-w',
    format,
    ...options,
    host.url + path,
  ]);
  return { end: stderr, body: stdout };
}
const whoAmI = async () => getSession.reply.parse(JSON.parse((await curl('/api/session')).body));
const login = (hint: string, more = '') => `/api/auth/login?login_hint=${encodeURIComponent(hint)}${more}`;

/** Posts the page's form, as its script would. */
async function submit(page: Page): Promise<Page> {
  const action = /action="([^"]+)"/.exec(page.html)![1]!;
  const fields = [...page.html.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  const body = new URLSearchParams(Object.fromEntries(fields.map(([, name = '', value = '']) => [name, value])));
  const response = await browser.send(new URL(action, page.url), { method: 'POST', body });
  const location = response.headers.get('location');
  if (location !== null) return browser.open(new URL(location, page.url));
  return { url: page.url, status: response.status, html: await response.text() };
}

describe('curl with a cookie jar', () => {
  test('is signed in by one command, and by the next as somebody else', async () => {
    expect((await curl(login('owner@orgn.test'))).end).toBe(`200 ${host.url}/`);
    const { user, session } = await whoAmI();
    expect([user, session.isFresh]).toEqual([
      {
        ...{ id: expect.any(String), email: 'owner@orgn.test', emailVerified: true, name: expect.any(String) },
        isOperator: true,
      },
      true,
    ]);
    rmSync(jar);
    expect((await curl(login('viewer@orgn.test', '&returnTo=%2Fhealth'))).end).toBe(`200 ${host.url}/health`);
    expect((await whoAmI()).user).toMatchObject({ email: 'viewer@orgn.test', isOperator: false });
  });

  test('proves again who it is by one command', async () => {
    await curl(login('member@orgn.test'));
    const before = await whoAmI();
    await host.database.query(
      `UPDATE sessions SET authenticated_at = authenticated_at - interval '1 hour' WHERE id = $1`,
      [before.session.id],
    );
    expect((await whoAmI()).session.isFresh).toBe(false);
    expect((await curl('/api/auth/login?stepUp=1')).end).toBe(`200 ${host.url}/`);
    const after = await whoAmI();
    expect([after.user.id, after.session.isFresh]).toEqual([before.user.id, true]);
  });

  test('signs out by one command', async () => {
    await curl(login('admin@orgn.test'));
    const { body } = await curl('/api/auth/logout', '-X', 'POST', '-H', 'x-orgn-csrf: 1');
    expect(new URL(signOut.reply.parse(JSON.parse(body)).logoutUrl).origin).toBe(simulator.issuer);
    expect((await curl('/api/session')).end).toMatch(/^401 /);
  });
});

describe('a sign-out at the provider', () => {
  test('ends the console’s session behind the browser’s back', async () => {
    await browser.open(host.url + login('owner@orgn.test'));
    const other = new Browser();
    await other.open(host.url + login('admin@orgn.test'));
    await submit(await browser.open(`${simulator.issuer}/session/end`));
    const [mine, theirs] = await Promise.all(
      [browser, other].map(async (who) => (await who.api('GET', `${host.url}/api/session`)).status),
    );
    expect([mine, theirs]).toEqual([401, 200]);
    expect(host.audit.at(-1)).toMatchObject({ action: 'session.ended', after: { reason: 'ended_by_provider' } });
  });

  test('follows a sign-out here and leads back to the start page', async () => {
    await browser.open(host.url + login('owner@orgn.test'));
    const response = await browser.api('POST', `${host.url}/api/auth/logout`);
    const { logoutUrl } = signOut.reply.parse(await response.json());
    const end = await submit(await browser.open(logoutUrl));
    expect([end.status, end.url.origin + end.url.pathname]).toEqual([200, `${host.url}/`]);
    // Nobody is known there either: the next sign-in asks who it shall be.
    expect((await browser.open(`${host.url}/api/auth/login`)).html).toContain('Choose who you are');
  });
});
