import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pages, type PageRow } from '@orgn/console/pages';
import type { Browser, Page } from 'playwright-core';
import { Person, startBrowser, type Size } from '../console/chromium.ts';
import { Stack } from '../stack.ts';
import { furnish, type Furnished } from './furnish.ts';

const target = join(import.meta.dirname, '../../..', process.env.SCREENSHOTS_DIR ?? '.screenshots');
const shown = join(import.meta.dirname, '../../../docs/screenshots');
const only = process.env.SCREENSHOTS_ONLY?.split(',');
/** Besides, each page in its whole length as PNG. */
const isWhole = process.env.SCREENSHOTS_WHOLE === '1';

const desktop: Size = { width: 1280, height: 800 };
const phone: Size = { width: 390, height: 844 };
const looks = [
  { look: 'light', theme: 'light', size: desktop },
  { look: 'dark', theme: 'dark', size: desktop },
  { look: 'phone', theme: 'light', size: phone },
] as const;

const rows: readonly PageRow[] = pages;
/** Pages that only lead on. */
const passing = ['home', 'signedIn'];
/** Of each page the one that is kept in the repository. */
const MOST_BYTES = 60_000;

/** What is done on a page before it is taken: an answer in the playground, an open proof. */
const acts: Partial<Record<string, (page: Page) => Promise<void>>> = {
  playground: async (page) => {
    await page.getByLabel('Message').fill('Say hello, and what an enclave is.');
    await page.getByRole('button', { name: 'Send' }).click();
    await page
      .getByText(/tokens in/)
      .first()
      .waitFor();
  },
  verification: async (page) => {
    const proof = page.getByRole('button', { name: /^Proof of/ }).first();
    await proof.waitFor();
    await proof.click();
    await page.getByText(/^The gateway says/).waitFor({ timeout: 60_000 });
  },
};

const stack = new Stack();
stack.env.OPERATORS = 'demo-owner';
let browser: Browser;
let furnished: Furnished;

beforeAll(async () => {
  const [, started] = await Promise.all([stack.start(), startBrowser()]);
  browser = started;
  furnished = await furnish(stack);
}, 300_000);
afterAll(async () => {
  await browser.close();
  await stack.remove();
});

const addressOf = ({ name, path }: PageRow) =>
  path
    .replace(':teamId', furnished.teamId)
    .replace(':keyId', name === 'rotation' ? furnished.rotatedId : furnished.keyId)
    .replace(':requestId', furnished.requestId);

test.each(looks)('every page, $look', async ({ look, theme, size }) => {
  mkdirSync(target, { recursive: true });
  const person = await Person.arrive(browser, stack.file.console, theme, size);
  await person.signIn('owner@orgn.test', `/teams/${furnished.teamId}/keys`);
  for (const row of rows.filter(({ name }) => !passing.includes(name) && (only?.includes(name) ?? true))) {
    await person.open(addressOf(row));
    await person.page.waitForLoadState('networkidle');
    await acts[row.name]?.(person.page);
    await person.rest();
    const image = await person.picture(MOST_BYTES);
    writeFileSync(join(target, `${row.name}-${look}.webp`), image);
    if (isWhole) await person.page.screenshot({ path: join(target, `${row.name}-${look}.png`), fullPage: true });
    if (look !== 'light' || only) continue;
    expect([row.name, image.length <= MOST_BYTES]).toEqual([row.name, true]);
    mkdirSync(shown, { recursive: true });
    writeFileSync(join(shown, `${row.name}.webp`), image);
  }
  await person.context.close();
});
