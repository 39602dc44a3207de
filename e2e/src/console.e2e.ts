import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mayDo } from '@orgn/console-api';
import { pages, type PageRow } from '@orgn/console/pages';
import type { Browser } from 'playwright-core';
import { COLOUR_RULES, Person, startBrowser, type Theme } from './console/chromium.ts';
import { documentedRows, Reader } from './console/documented-keys.ts';
import { scriptSizes } from './console/sizes.ts';
import { openIn, states, type State } from './console/states.ts';
import { eventually, Stack } from './stack.ts';
import { Visitor } from './visitor.ts';

const stack = new Stack();
stack.env.OPERATORS = 'demo-owner,demo-admin';
let browser: Browser;
let teamId: string;

const rows: readonly PageRow[] = pages;
const hello = { model: 'near_qwen3_30b', messages: [{ role: 'user', content: 'Hello' }] };
const roles = ['owner', 'admin', 'member', 'viewer'] as const;
type Role = (typeof roles)[number];
const operators: readonly Role[] = ['owner', 'admin'];
/** Whose walk looks at how accessible each page is: each theme once. The whole product of roles and themes is for the long tests. */
const themes: Record<Role, Theme> = { owner: 'light', admin: 'dark', member: 'light', viewer: 'dark' };
/** What is said of whatever was copied. */
const IN_CLIPBOARD = 'It is in the clipboard.';
const isLong = process.env.TEST_LONG === '1';

const call = async (key: string): Promise<number> => {
  const response = await stack.chat(hello, { key });
  await response.arrayBuffer();
  return response.status;
};

beforeAll(async () => {
  const [, started] = await Promise.all([stack.start(), startBrowser()]);
  browser = started;
  ({ teamId } = stack.file.demo);
}, 300_000);
afterAll(async () => {
  await browser.close();
  await stack.remove();
});

const arrive = async (role: Role, theme: Theme = 'light'): Promise<Person> => {
  const person = await Person.arrive(browser, stack.file.console, theme);
  await person.signIn(`${role}@orgn.test`, `/teams/${teamId}/start`);
  return person;
};

/** Ends somebody's visit, in which whatever they changed was said to them. */
const leave = async ({ context, hearing }: Person) => {
  await eventually(async () => expect(hearing.unsaid()).toEqual([]));
  await context.close();
};

test('the keys page loads at most 200 KB of compressed script at first, no page adds more than 40, and the verifier 250', () => {
  const { keys, added, verifier } = scriptSizes();
  process.stdout.write(`verifier, loaded when it is wanted: ${verifier} bytes of brotli\n`);
  expect(verifier).toBeGreaterThan(10_000);
  expect(verifier).toBeLessThanOrEqual(250_000);
  process.stdout.write(`keys page: ${keys} bytes of brotli; ${added.map((one) => one.join(' +')).join(', ')}\n`);
  expect(keys).toBeLessThanOrEqual(200_000);
  expect(added.length).toBeGreaterThan(8);
  expect(added.filter(([, size]) => size > 40_000)).toEqual([]);
});

/** Makes a key on the page of keys. @returns its secret, with the dialog still open */
const generate = async ({ page }: Person, name: string): Promise<string> => {
  await page.getByRole('navigation').getByRole('link', { name: 'API Keys' }).click();
  await page.getByRole('button', { name: 'Generate' }).click();
  await page.getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Generate', exact: true }).click();
  await page.getByRole('button', { name: 'Show' }).click();
  const secret = await page.getByLabel('Secret key').inputValue();
  expect(secret).toMatch(/^sk-ollm-[0-9a-z]{32}$/);
  return secret;
};

/** Pages that do not lead on at once. */
const walked = rows.filter(({ path }) => path !== '/');
/** What pages are about that are about one thing. */
let about: { keyId: string; requestId: string };
beforeAll(async () => {
  const owner = new Visitor(stack.file.console);
  await owner.signIn('owner@orgn.test');
  const { body } = await owner.api<{ id: string; key: string }>('POST', `/api/teams/${teamId}/keys`, {
    name: 'walked',
  });
  const answer = await stack.chat(hello, { key: body.key });
  await answer.arrayBuffer();
  about = { keyId: body.id, requestId: answer.headers.get('x-request-id') ?? '' };
});
const addressOf = ({ path }: PageRow) =>
  path.replace(':teamId', teamId).replace(':keyId', about.keyId).replace(':requestId', about.requestId);
/** Pages whose heading is the name of what they are about. */
const named: Record<string, RegExp> = { key: /^walked/, rotation: /^Rotate “walked”/ };
const isThereFor = ({ isOperator, action }: PageRow, role: Role) =>
  isOperator ? operators.includes(role) : action === undefined || mayDo(role, action, true);

const walks = roles.flatMap((role): [Role, Theme][] =>
  isLong
    ? [
        [role, 'light'],
        [role, 'dark'],
      ]
    : [[role, themes[role]]],
);

describe.each(walks)('every page, seen by a person with the role %s in the theme %s', (role, theme) => {
  test('has a heading, a title and no violation, or is not there for them', async () => {
    const person = await arrive(role, theme);
    for (const row of walked) {
      const { name, path, title } = row;
      await person.open(addressOf(row));
      const heading = await person.page.getByRole('heading', { level: 1 }).allTextContents();
      expect([path, heading.length]).toEqual([path, 1]);
      if (!isThereFor(row, role)) expect([path, heading[0]]).toEqual([path, 'There is nothing here']);
      else await eventually(async () => expect(await person.page.title()).toMatch(named[name] ?? new RegExp(title)));
      await person.page.locator('[aria-busy]').first().waitFor({ state: 'detached' });
      expect([path, await person.shifts(), await person.silentControls()]).toEqual([path, [], []]);
      const copied = person.hearing.count(IN_CLIPBOARD) + (await person.copyAll());
      await eventually(async () => expect([path, person.hearing.count(IN_CLIPBOARD)]).toEqual([path, copied]));
      expect([path, await person.hearing.deaf(person.page)]).toEqual([path, []]);
      expect([path, await person.violations()]).toEqual([path, []]);
      if (!isLong && !operators.includes(role)) continue;
      expect([path, await person.faults()]).toEqual([path, []]);
      expect([path, await person.overflow(), await person.dropped()]).toEqual([path, [], []]);
    }
    expect(person.pageErrors).toEqual([]);
    await leave(person);
  });
});

/** The whole product, for the long tests: each role sees each page in each state, in each theme and in windows of each size. */
if (isLong)
  describe('every page in every state, seen by a person of each role', () => {
    const people = new Map<Role, Person>();
    let looked = 0;
    beforeAll(async () => {
      for (const role of roles) people.set(role, await arrive(role));
    });
    afterAll(async () => {
      process.stdout.write(`pages by role by state by theme in a browser: ${looked} looked at\n`);
      for (const { context } of people.values()) await context.close();
    });

    /** Everything that is wrong on any page, so that one walk tells it all. */
    const walk = async (role: Role, state: State) => {
      const person = people.get(role)!;
      const wrong: string[] = [];
      for (const row of walked.filter((one) => isThereFor(one, role))) {
        const note = (found: string[]) => wrong.push(...found.map((one) => `${role} ${row.path}: ${one}`));
        await openIn(person.page, stack.file.console + addressOf(row), state);
        if ((await person.page.getByRole('heading', { level: 1 }).count()) > 1) note(['two headings']);
        await person.wear('light');
        note(await person.faults());
        await person.wear('dark');
        note(await person.faults(COLOUR_RULES));
        looked += 2;
        note([await person.nameless(), await person.silentControls(), await person.hearing.deaf(person.page)].flat());
        note([await person.overflow(), await person.dropped(), await person.motion()].flat());
        note([await person.violations(), person.pageErrors.splice(0)].flat());
      }
      return wrong;
    };

    // At once: each has a browser of their own, and waits for the most part.
    test.each(Object.entries(states))(
      '%s',
      async (_, state) => {
        const wrong = await Promise.all(roles.map((role) => walk(role, state)));
        expect(wrong.flat()).toEqual([]);
      },
      1_200_000,
    );
  });

test('who follows a link, or goes back and forth, stands on the heading of the page that they come to', async () => {
  const person = await arrive('owner');
  const { page } = person;
  const focused = () =>
    page.evaluate<string>('document.activeElement.tagName + " " + document.activeElement.textContent');
  const standsOn = (title: string) =>
    eventually(async () => expect(await focused()).toMatch(new RegExp(`^H1 ${title}`)));
  expect(await focused()).not.toMatch(/^H1/);
  const titles = rows.filter(({ nav, name }) => nav && name !== 'start').map(({ title }) => title);
  for (const title of titles) {
    await page.getByRole('navigation').getByRole('link', { name: title, exact: true }).press('Enter');
    await standsOn(title);
  }
  for (const title of titles.toReversed().slice(1)) {
    await page.goBack();
    await standsOn(title);
  }
  await page.goForward();
  await standsOn(titles[1]!);
  await leave(person);
});

test('an address that leads nowhere says so, and the sign-in page comes back to the address that was asked for', async () => {
  const person = await Person.arrive(browser, stack.file.console);
  await person.open(`/teams/${teamId}/audit?action=key.revoked`);
  const link = await person.page.getByRole('link', { name: 'Sign in' }).getAttribute('href');
  expect(link).toBe(`/api/auth/login?returnTo=${encodeURIComponent(`/teams/${teamId}/audit?action=key.revoked`)}`);
  expect(await person.faults()).toEqual([]);
  await person.signIn('owner@orgn.test');
  const response = await person.page.goto(`${stack.file.console}/nowhere`);
  expect(response?.status()).toBe(404);
  await person.page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
  await leave(person);
});

test('a new person types nothing, and is at a first streamed answer, then at a first call from a terminal that the page has heard', async () => {
  const began = performance.now();
  // As whoever opens the console does: no address says of which team the first page is.
  const person = await Person.arrive(browser, stack.file.console);
  await person.signIn('member@orgn.test');
  const { page } = person;
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByText(/tokens in · .*out · \$0\.\d+/).waitFor();
  await page.getByRole('button', { name: 'Make key' }).click();
  await page.getByRole('button', { name: 'Show' }).click();
  const secret = await page.getByLabel('Secret key').inputValue();
  expect(await page.getByLabel('curl', { exact: true }).first().textContent()).toContain(secret);
  expect(await call(secret)).toBe(200);
  await page.getByText(/First call \d+ s ago/).waitFor({ timeout: 20_000 });
  const seconds = (performance.now() - began) / 1_000;
  process.stdout.write(`first run, from signing in to the first call heard: ${seconds.toFixed(1)} s\n`);
  if (isLong) expect(seconds).toBeLessThan(20);
  await leave(person);
});

test('a part that is gone with its release leaves the page as it is, and offers to load it again', async () => {
  const person = await arrive('owner');
  const { page } = person;
  await page.getByRole('navigation').getByRole('link', { name: 'API Keys' }).click();
  await page.getByLabel('Search').fill('typed-before');
  await page.route('**/assets/generating-*.js', (route) => route.fulfill({ status: 404, body: 'gone' }));
  await page.getByRole('button', { name: 'Generate' }).click();
  await page.getByText('The console has a new version').waitFor();
  expect(await page.getByLabel('Search').inputValue()).toBe('typed-before');
  await page.getByRole('button', { name: 'Not now' }).click();
  await page.unroute('**/assets/generating-*.js');
  await page.reload();
  await page.getByRole('button', { name: 'Generate' }).click();
  await page.getByLabel('Name').waitFor();
  await leave(person);
});

describe('a key', () => {
  test('is made, shown once and nowhere afterwards, rotated without a refusal, and refused once it is revoked', async () => {
    const person = await arrive('owner');
    const { page } = person;
    const first = await generate(person, 'journey');
    // With the dialog open, which hides the page under it from those who do not see.
    await page.getByRole('button', { name: 'Copy', exact: true }).first().click();
    await eventually(async () => expect(person.hearing.heard().at(-1)).toBe(IN_CLIPBOARD));
    expect(await call(first)).toBe(200);
    await page.getByRole('button', { name: 'I have saved it' }).click();
    await page.getByRole('link', { name: 'journey', exact: true }).waitFor();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await person.traces()).not.toContain(first.slice(8));

    await page.getByRole('button', { name: 'Rotate journey' }).click();
    await page.getByRole('button', { name: 'Rotate now' }).click();
    await page.getByRole('button', { name: 'Show' }).click();
    const second = await page.getByLabel('Secret key').inputValue();
    expect(second).not.toBe(first);
    expect([await call(first), await call(second), await call(first)]).toEqual([200, 200, 200]);
    await page.getByRole('button', { name: 'Finish now' }).click();
    await eventually(async () => expect(await call(first)).toBe(401));
    expect(await call(second)).toBe(200);

    page.on('dialog', (dialog) => void dialog.accept());
    await page.getByRole('navigation').getByRole('link', { name: 'API Keys' }).click();
    await page.getByRole('button', { name: 'Revoke journey' }).click();
    const confirm = page.getByRole('dialog').getByRole('button', { name: /^Revoke/ });
    await confirm.click();
    // It was used a moment ago, so the page asks once more where no other key is active.
    if (await page.getByText('It was used within the last day').isVisible()) await confirm.click();
    await page.getByText('is revoked').waitFor();
    expect(await call(second)).toBe(401);
    for (const secret of [first, second]) {
      expect(await person.traces()).not.toContain(secret.slice(8));
      expect(stack.logs()).not.toContain(secret.slice(8));
    }
    expect(await person.violations()).toEqual([]);
    await leave(person);
  });

  test('shows a viewer no control that would be refused without its reason', async () => {
    const person = await arrive('viewer');
    await person.page.getByRole('navigation').getByRole('link', { name: 'API Keys' }).click();
    const button = person.page.getByRole('button', { name: 'Generate key' });
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    await button.hover();
    await person.page.getByRole('tooltip', { name: /^Only owners, admins, and members/ }).waitFor();
    await leave(person);
  });
});

describe('the documentation of API keys', () => {
  let reader: Reader;
  beforeAll(async () => {
    reader = new Reader(stack, await arrive('owner'), await arrive('viewer'));
  });
  afterAll(() => Promise.all([reader.owner.context.close(), reader.viewer.context.close()]));

  test.each(documentedRows)('%s', (_, holds) => holds(reader));
});

test('what was typed is still there after the session has ended and somebody has signed in again in a second tab', async () => {
  const person = await arrive('admin');
  const { page, context } = person;
  await page.getByRole('navigation').getByRole('link', { name: 'API Keys' }).click();
  await page.getByRole('button', { name: 'Generate' }).click();
  await page.getByLabel('Name').fill('typed-before');
  await context.clearCookies();
  await page.getByRole('button', { name: 'Generate', exact: true }).click();
  const again = page.getByRole('link', { name: 'Sign in again' });
  await again.waitFor();
  const [tab] = await Promise.all([context.waitForEvent('page'), again.click()]);
  await tab.waitForEvent('close', { timeout: 10_000 }).catch(() => undefined);
  await again.waitFor({ state: 'detached' });
  expect(await page.getByLabel('Name').inputValue()).toBe('typed-before');
  await page.getByRole('button', { name: 'Generate', exact: true }).click();
  await page.getByLabel('Secret key').waitFor();
  await leave(person);
});

test('an operator suspends a team by name, whose people then read the reason', async () => {
  const operator = await arrive('owner');
  const viewer = await Person.arrive(browser, stack.file.console);
  await viewer.signIn('viewer@orgn.test', '/new-team');
  await viewer.page.getByLabel('Name').fill('Late payers');
  await viewer.page.getByRole('button', { name: 'Make team' }).click();
  await viewer.page.getByRole('heading', { level: 1, name: 'Start' }).waitFor();

  await operator.page.getByRole('link', { name: 'All teams' }).click();
  await operator.page.getByRole('button', { name: 'Suspend Late payers' }).click();
  await operator.page.getByLabel('Reason').fill('unpaid since May');
  await operator.page.getByRole('button', { name: 'Suspend team' }).click();
  await operator.page.getByRole('button', { name: 'Resume Late payers' }).waitFor();

  await viewer.page.reload();
  await viewer.page.getByText('unpaid since May').waitFor();
  await viewer.page.getByRole('link', { name: 'Audit log' }).click();
  await viewer.page.getByRole('listitem').filter({ hasText: 'suspended the team' }).waitFor();
  expect(await viewer.page.getByText('Olivia Owner').count()).toBeGreaterThan(0);
  await leave(operator);
  await leave(viewer);
});

test('an operator approves what an enclave runs, calls go on, and the log of the deployment is whole', async () => {
  const operator = await arrive('owner');
  const { page } = operator;
  await page.getByRole('link', { name: 'Measurements' }).click();
  const approve = page.getByRole('button', { name: /^Approve the software .* of near$/ });
  await approve.click();
  await page.getByRole('button', { name: 'Approve this software' }).click();
  await page.getByRole('row').filter({ hasText: 'by Olivia Owner' }).getByText('Approved', { exact: true }).waitFor();
  expect(await approve.count()).toBe(0);
  await eventually(async () => expect(await call(stack.file.demo.key)).toBe(200));
  expect((await stack.operator('audit', 'verify')).code).toBe(0);
  await leave(operator);
});

test('what an owner demands of enclaves holds for the next call of any key, and no more once it is lifted', async () => {
  const owner = await arrive('owner');
  const { page } = owner;
  const statuses = async () => {
    const answers = ['vercel_gpt_4o', 'near_qwen3_30b'].map((model) => stack.chat({ ...hello, model }));
    return Promise.all(answers.map(async (answer) => (await answer).status));
  };
  expect(await statuses()).toEqual([200, 200]);
  await page.getByRole('link', { name: 'Team settings' }).click();
  const demand = async () => {
    await page.getByLabel(/^Nothing runs outside of enclaves/).click();
    await page.getByRole('button', { name: 'Demand this' }).click();
    await page.getByText('It is demanded from now on').first().waitFor();
  };
  await demand();
  expect(await statuses()).toEqual([403, 200]);
  await page.reload();
  await demand();
  expect(await statuses()).toEqual([200, 200]);
  await leave(owner);
});

test('an invitation goes from one browser to another', async () => {
  const owner = await Person.arrive(browser, stack.file.console);
  await owner.signIn('owner@orgn.test', '/new-team');
  await owner.page.getByLabel('Name').fill('Rockets');
  await owner.page.getByRole('button', { name: 'Make team' }).click();
  await owner.page.waitForURL(/\/teams\/team_[^/]+\/start/);
  await owner.page.getByRole('navigation').getByRole('link', { name: 'Team', exact: true }).click();
  await owner.page.getByRole('button', { name: 'Invite' }).click();
  await owner.page.getByLabel('E-mail address').fill('viewer@orgn.test');
  await owner.page.getByRole('button', { name: 'Send invitation' }).click();
  const link = await owner.page.getByLabel('Invitation link').inputValue();

  const guest = await Person.arrive(browser, stack.file.console);
  await guest.signIn('viewer@orgn.test');
  await guest.page.goto(link);
  await guest.page.getByText('You have joined the team').waitFor();
  expect(guest.page.url()).not.toContain('token');
  await guest.page.getByRole('link', { name: 'To the team' }).click();
  await guest.page.getByRole('heading', { level: 1, name: 'Start' }).waitFor();
  await leave(owner);
  await leave(guest);
});
