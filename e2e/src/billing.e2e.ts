import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { Person, startBrowser } from './console/chromium.ts';
import { eventually, Stack } from './stack.ts';

const stack = new Stack();
let browser: Browser;
let person: Person;

beforeAll(async () => {
  await stack.start();
  browser = await startBrowser();
  person = await Person.arrive(browser, stack.file.console);
  await person.signIn('owner@orgn.test');
});
afterAll(async () => {
  await browser.close();
  await stack.remove();
});

/** Dear enough that one answer of usual length can cost more than a cent. */
const DEAR = 'vercel_claude_fable_5';
const pageOf = (name: string) => `/teams/${stack.file.demo.teamId}/${name}`;
const button = (name: string) => person.page.getByRole('button', { name, exact: true });
const figure = (name: string) => person.page.locator('.figure', { has: person.page.getByText(name, { exact: true }) });
const ask = (key: string) => stack.chat({ model: DEAR, messages: [{ role: 'user', content: 'Hello' }] }, { key });

describe('in the browser', () => {
  test('somebody tops up, and sees the balance move', async () => {
    await person.open(pageOf('billing'));
    await figure('Total').getByText('$25.00').waitFor();
    await button('Top up').click();
    await person.page.getByLabel('Amount in USD').fill('30');
    await button('Continue to payment').click();
    await person.page.locator('button[value=card]').click();
    await person.page.getByText('Paid: it is in the balance').waitFor();
    await figure('Total').getByText('$55.00').waitFor();
    await person.page.getByRole('cell', { name: 'paid in', exact: true }).waitFor();
    expect([await person.violations(), await person.faults()]).toEqual([[], []]);
  });

  test('a key with a budget of a cent is refused with the reason, in the playground too, and goes on once it is raised', async () => {
    await person.page.goto(`${stack.file.console}${pageOf('keys')}?generate=`);
    await person.page.getByLabel('Name').fill('a-cent');
    await person.page.getByText('Restrict', { exact: true }).click();
    await person.page.getByLabel('In all, USD').fill('0.01');
    await button('Generate').click();
    await button('Show').click();
    const key = await person.page.getByLabel('Secret key').inputValue();
    const refused = await ask(key);
    const { error } = (await refused.json()) as { error: { code: string; message: string } };
    expect([refused.status, error.code]).toEqual([403, 'budget_exceeded']);
    expect(error.message).toMatch(/0\.01/);
    await button('I have saved it').click();
    await person.page.getByRole('link', { name: 'a-cent' }).click();
    await person.page.getByText(/refused beyond \$0\.01 in all/).waitFor();
    await button('More for a-cent').click();
    await person.page.getByRole('menuitem', { name: 'Try in the Playground' }).click();
    await person.page.getByLabel('Model', { exact: true }).selectOption(DEAR);
    await send();
    await person.page.getByText('A budget does not cover this').waitFor();
    await person.page.getByText(/The budget of this API key is 0\.01 USD/).waitFor();
    expect([await person.violations(), await person.faults()]).toEqual([[], []]);
    await person.page.getByRole('link', { name: 'Limits of this API key' }).click();
    await person.page.getByLabel('In all, USD').fill('5');
    await button('Save').click();
    await eventually(async () => expect((await ask(key)).status).toBe(200));
    await button('More for a-cent').click();
    await person.page.getByRole('menuitem', { name: 'Try in the Playground' }).click();
    await person.page.getByLabel('Model', { exact: true }).selectOption(DEAR);
    await send();
    await person.page
      .getByText(/tokens in · /)
      .last()
      .waitFor();
  });

  test('the playground says which budget does not cover a question, and leads to where it is raised', async () => {
    await setTeamBudget('0.01');
    await person.open(`${pageOf('playground')}?model=${DEAR}`);
    await send();
    await person.page.getByText('A budget does not cover this').waitFor();
    await person.page.getByRole('link', { name: 'Balance and budgets' }).click();
    await person.page.getByRole('heading', { level: 1, name: 'Billing' }).waitFor();
    await setTeamBudget('20');
    await person.open(`${pageOf('playground')}?model=${DEAR}`);
    await eventually(async () => {
      await send();
      await person.page
        .getByText(/tokens in · /)
        .last()
        .waitFor({ timeout: 5_000 });
    });
  });
});

async function send(): Promise<void> {
  await person.page.getByLabel('Message').fill('Hello');
  await button('Send').click();
}

async function setTeamBudget(usd: string): Promise<void> {
  await person.open(pageOf('billing'));
  await button('Set the budget of The whole team').click();
  await person.page.getByLabel('USD a month').fill(usd);
  await button('Save').click();
  await person.page.getByText('The budget is set, everywhere.').waitFor();
}
