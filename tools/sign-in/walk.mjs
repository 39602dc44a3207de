import assert from 'node:assert/strict';
import { Browser } from './browser.mjs';
import { STEP_UP_SECONDS } from './stack.mjs';

/** Walks through everything that signing in is for; prints a line a step. @returns whether all of them passed */
export async function walk(provider, stack) {
  const visit = new Visit(provider, stack);
  let failed = 0;
  for (const [name, step] of steps(visit, provider)) {
    try {
      await step();
      console.log(`  pass  ${name}`);
    } catch (error) {
      failed += 1;
      console.log(`  FAIL  ${name}: ${error.message.split('\n').slice(0, 12).join(' ')}`);
    }
  }
  return failed === 0;
}

class Visit {
  browser = new Browser();

  constructor(provider, stack) {
    this.provider = provider;
    this.stack = stack;
  }

  /** Opens the sign-in, fills in the form where there is one, and ends where the console sends the browser. */
  async signIn(person, { browser = this.browser, query = '' } = {}) {
    const before = browser.passwords;
    let page = await browser.open(`${this.stack.console}/api/auth/login${query}`);
    for (let forms = 0; forms < 4 && page.url.origin !== this.stack.console; forms += 1) {
      page = await browser.submit(page, this.provider.fields(person));
    }
    assert.equal(page.url.origin, this.stack.console, `ends at ${page.url.pathname}, ${page.status}`);
    return { page, asked: browser.passwords - before };
  }

  api(method, path, body, browser = this.browser) {
    return browser.api(this.stack.console, method, path, body);
  }

  async signedIn(browser = this.browser) {
    return (await this.api('GET', '/api/session', undefined, browser)).status === 200;
  }

  async signOut() {
    const { body } = await this.api('POST', '/api/auth/logout');
    if (body.logoutUrl === '/') return { url: '/', page: undefined };
    let page = await this.browser.open(body.logoutUrl);
    // Without a hint a provider asks whether it is meant.
    if (page.url.origin !== this.stack.console && /<form/i.test(page.html)) page = await this.browser.submit(page);
    return { url: body.logoutUrl, page };
  }

  models(key) {
    return fetch(`${this.stack.api}/v1/models`, { headers: { authorization: `Bearer ${key}` } });
  }
}

const grow = () => new Promise((resolve) => setTimeout(resolve, (STEP_UP_SECONDS + 2) * 1_000));

function steps(visit, provider) {
  const { ada, ben } = provider.people;
  let team;
  let key;
  const makeKey = (name) => visit.api('POST', `/api/teams/${team}/keys`, { name });
  return [
    [
      'sign in',
      async () =>
        assert.equal((await visit.signIn(ada, { query: '?returnTo=%2Fhealth' })).page.url.pathname, '/health'),
    ],
    [
      'session',
      async () => {
        const { body } = await visit.api('GET', '/api/session');
        assert.deepEqual([body.user.email, body.user.emailVerified, body.session.isFresh], [ada.email, true, true]);
      },
    ],
    ['team', async () => void (team = (await visit.api('POST', '/api/teams', { name: 'Walkers' })).body.id)],
    [
      'key, and a call by it',
      async () => {
        const made = await makeKey('walk');
        assert.equal(made.status, 201, JSON.stringify(made.body));
        key = made.body;
        assert.equal((await visit.models(key.key)).status, 200);
      },
    ],
    [
      'a second person is invited and accepts',
      async () => {
        const invited = await visit.api('POST', `/api/teams/${team}/invitations`, { email: ben.email, role: 'member' });
        const other = new Browser();
        await visit.signIn(ben, { browser: other });
        const token = invited.body.link.split('#token=')[1];
        assert.equal((await visit.api('POST', '/api/invitations/accept', { token }, other)).status, 200);
      },
    ],
    [
      'an old sign-in makes no key, and a step-up asks for the password and makes one',
      async () => {
        await grow();
        const refused = await makeKey('too late');
        assert.deepEqual([refused.status, refused.body.code], [403, 'reauthentication_required']);
        const { asked, page } = await visit.signIn(ada, { query: '?stepUp=1&returnTo=%2Fhealth' });
        assert.deepEqual([asked, page.url.pathname], [1, '/health']);
        assert.equal((await makeKey('in time')).status, 201);
      },
    ],
    [
      'signing in by the provider’s own session is not a recent sign-in',
      async () => {
        await grow();
        const { asked } = await visit.signIn(ada);
        const made = await makeKey('unasked');
        assert.equal(made.status, asked === 0 ? 403 : 201);
        if (asked > 0) console.log('        (this provider asks for the password every time)');
      },
    ],
    [
      'revoke a key',
      async () => {
        const revoked = await visit.api('POST', `/api/teams/${team}/keys/${key.id}/revoke`, {
          reason: 'unused',
          confirm: true,
        });
        assert.deepEqual([revoked.status, (await visit.models(key.key)).status], [200, 401]);
      },
    ],
    [
      'sign out, of the provider too',
      async () => {
        const { url, page } = await visit.signOut();
        assert.equal(await visit.signedIn(), false);
        if (url !== '/') assert.equal(page.url.origin, visit.stack.console, `ends at ${page.url}, ${page.status}`);
        assert.ok((await visit.signIn(ada)).asked > 0, 'the provider still knows the browser');
      },
    ],
    ['the provider signs out by the back channel', () => backchannel(visit, provider)],
    ['the provider’s keys rotate', () => rotation(visit, provider)],
  ];
}

async function backchannel(visit, provider) {
  const { ada } = provider.people;
  if (provider.backchannel) {
    await provider.backchannel(ada.email);
  } else {
    // Another browser session of the same person cannot end this one at the provider: its own sign-out is what it tells.
    const metadata = await (await fetch(`${provider.issuer}/.well-known/openid-configuration`)).json();
    if (!metadata.backchannel_logout_supported || !metadata.end_session_endpoint) {
      console.log('        (this provider has no back-channel logout)');
      return;
    }
    let page = await visit.browser.open(`${metadata.end_session_endpoint}?client_id=orgn`);
    if (/<form/i.test(page.html)) page = await visit.browser.submit(page);
  }
  for (let waited = 0; waited < 50 && (await visit.signedIn()); waited += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.equal(await visit.signedIn(), false, 'the session goes on');
}

async function rotation(visit, provider) {
  const { ada } = provider.people;
  if (!provider.rotateKeys) {
    console.log('        (this provider’s keys cannot be rotated from outside)');
    return;
  }
  await visit.signIn(ada);
  await provider.rotateKeys();
  const { url, page } = await visit.signOut();
  assert.equal(new URL(url).searchParams.has('id_token_hint'), false, 'hints at a token whose key is gone');
  assert.ok(page.status < 400, `the provider refuses the sign-out: ${page.status}`);
  assert.ok((await visit.signIn(ada)).asked > 0, 'the provider still knows the browser');
  assert.equal(await visit.signedIn(), true);
}
