import { afterEach, describe, expect, test } from '@jest/globals';
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { FakeGateway, Refusal } from '../testing/fake-gateway.ts';
import { open } from '../testing/open-page.tsx';
import { replies, teamId } from '../testing/replies.ts';

const address = `/teams/${teamId}/billing`;
const overview = replies.getBilling as { balance: object; payments: object[] };
const team = replies.getTeam as object;

afterEach(cleanup);

describe('the billing page', () => {
  test('shows what is available, held and there in all, and how long it lasts', async () => {
    open(address);
    for (const text of ['$24.00', '$1.00', '$14.00', 'about 12 days']) await screen.findByText(text);
    const history = await screen.findByRole('region', { name: 'History' });
    within(history).getByText('paid in');
    within(history).getByText('$25.00');
  });

  test('opens a payment for what was typed, and says what the server found wrong with it', async () => {
    const { gateway } = open(
      address,
      new FakeGateway().answer('openPayment', new Refusal('request_conflict', 'Five are open.')),
    );
    fireEvent.click(await screen.findByRole('button', { name: 'Top up' }));
    const amount = await screen.findByLabelText('Amount in USD');
    fireEvent.change(amount, { target: { value: '1,5' } });
    const go = () => screen.getByRole('button', { name: 'Continue to payment' });
    expect(go().ariaDisabled).toBe('true');
    fireEvent.change(amount, { target: { value: '12.50' } });
    fireEvent.click(go());
    await screen.findByText('Five are open.');
    expect(gateway.asked.find(({ name }) => name === 'openPayment')?.body).toEqual({ amountUsd: '12.50' });
  });

  test('offers a payment that nobody has paid, and gives it up', async () => {
    const { gateway } = open(address);
    const link = await screen.findByRole('link', { name: 'Pay' });
    expect(link.getAttribute('href')).toBe('https://pay.example/session');
    fireEvent.click(screen.getByRole('button', { name: 'Give up' }));
    await screen.findByText('The payment is given up.');
    expect(gateway.asked.map(({ name }) => name)).toContain('cancelPayment');
  });

  test('shows limits that are nearly used up, and when owners are mailed', async () => {
    const { gateway } = open(address);
    const alerts = within(await screen.findByRole('region', { name: 'Alerts' }));
    await alerts.findByText('80 %');
    alerts.getByText('$125.00');
    fireEvent.change(screen.getByLabelText('Mail owners at, in percent'), { target: { value: '90' } });
    const section = within(screen.getByLabelText('Mail owners at, in percent').closest('form')!);
    fireEvent.click(section.getByRole('button', { name: 'Save' }));
    await screen.findByText('Owners are told at these shares.');
    expect(gateway.asked.find(({ name }) => name === 'setAlerts')?.body).toEqual({ percents: [90] });
  });

  test('sets what the team may spend in a month', async () => {
    const { gateway } = open(address);
    fireEvent.click(await screen.findByRole('button', { name: 'Set the budget of The whole team' }));
    const limit = await screen.findByLabelText('USD a month');
    expect((limit as HTMLInputElement).value).toBe('25.00');
    fireEvent.change(limit, { target: { value: '30' } });
    fireEvent.click(screen.getByLabelText(/Only warn/));
    fireEvent.click(screen.getByRole('button', { name: 'Save' }));
    await screen.findByText('The budget is set, everywhere.');
    const sent = gateway.asked.find(({ name }) => name === 'setTeamBudget')?.body;
    expect(sent).toEqual({ budget: { limit: '30', isSoft: true } });
  });

  test('says to whoever may only look who can pay in, and where nobody can', async () => {
    open(address, new FakeGateway().answer('getTeam', { ...team, role: 'admin' }));
    await screen.findByText('Only owners may do this. You are an admin here.');
    cleanup();
    open(address, new FakeGateway().answer('getBilling', { ...overview, terms: null, payments: [] }));
    await screen.findByText('This deployment takes no payments: its operator credits balances.');
  });

  test('lists what a payment has booked as soon as it has arrived', async () => {
    const payments = (state: string) => overview.payments.map((payment) => ({ ...payment, state }));
    const empty = { data: [], nextCursor: null };
    const { gateway } = open(
      `${address}?payment=done`,
      new FakeGateway().answer('getBilling', { ...overview, payments: payments('open') }).answer('listMoney', empty),
    );
    await screen.findByText('Nothing was paid in yet');
    gateway.answer('getBilling', { ...overview, payments: payments('paid') }).answer('listMoney', replies.listMoney);
    // The page looks again every five seconds.
    await screen.findByText('Paid: it is in the balance', {}, { timeout: 20_000 });
    await within(screen.getByRole('region', { name: 'History' })).findByText('paid in', {}, { timeout: 20_000 });
  }, 60_000);

  test('says what the team owes, and thanks whoever comes back from paying', async () => {
    const owing = { ...overview, balance: { ...overview.balance, owedNanoUsd: '1500000000' } };
    open(`${address}?payment=done`, new FakeGateway().answer('getBilling', owing));
    await screen.findByText('This team owes $1.50');
    await screen.findByText('Thank you');
  });
});
