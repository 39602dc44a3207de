import {
  balance,
  listedMoney,
  nanoUsd,
  payment,
  paymentId,
  statement,
  teamId,
  tellStatement,
  topUpTerms,
} from '@orgn/contracts';
import { z } from 'zod';
import { consoleRoute, page, paging } from '../route.ts';
import { usdInput } from './usd.ts';

const team = z.strictObject({ teamId });
const tag = 'billing';

/** How fast a team spends. */
export const burn = z.object({
  dayNanoUsd: nanoUsd,
  weekNanoUsd: nanoUsd,
  /** How long what is available lasts if the team goes on as in the last week, or the last day where that was faster; null: it spends nothing. */
  daysLeft: z.number().nullable(),
});
export type Burn = z.output<typeof burn>;

const refusals = ['not_found', 'not_permitted'] as const;
const reading = { who: 'signed_in', action: 'billing.read' } as const;
const paying = { who: 'signed_in', action: 'billing.update', isStepUp: true } as const;

export const billingRoutes = {
  overview: consoleRoute('getBilling', {
    method: 'GET',
    path: '/api/teams/{teamId}/billing',
    tag,
    summary:
      'What the team has, how fast it spends, how much can be paid in at once, and its newest payments. Sums are nano-USD (1e-9 USD) as decimal strings.',
    params: team,
    reply: z.object({ balance, burn, terms: topUpTerms, payments: z.array(payment).max(100) }),
    errors: refusals,
    access: reading,
  }),
  balance: consoleRoute('getBalance', {
    method: 'GET',
    path: '/api/teams/{teamId}/balance',
    tag,
    summary:
      'What the team has: its funds, what of them is held for requests that run, what it owes. Sums are nano-USD (1e-9 USD) as decimal strings.',
    params: team,
    reply: balance,
    errors: refusals,
    access: reading,
  }),
  ledger: consoleRoute('listMoney', {
    method: 'GET',
    path: '/api/teams/{teamId}/ledger',
    tag,
    summary: 'What was paid in, given, paid back and disputed, newest first; usage is in statements.',
    params: team,
    query: z.strictObject({
      ...paging,
      cursor: z
        .string()
        .regex(/^\d{1,18}$/)
        .optional(),
    }),
    reply: page(listedMoney),
    errors: [...refusals, 'rate_limit_exceeded'],
    access: reading,
    limit: 'report',
  }),
  statement: consoleRoute('getStatement', {
    method: 'GET',
    path: '/api/teams/{teamId}/statement',
    tag,
    summary:
      'A month (UTC) of the team’s books: what it began and ended with, what usage came to day by day, and what was paid in or back. Usage counts where it was admitted. With `format=csv`, a line each.',
    params: team,
    query: z.strictObject({ month: tellStatement.request.shape.month, format: z.enum(['json', 'csv']).optional() }),
    reply: statement,
    errors: [...refusals, 'rate_limit_exceeded'],
    access: reading,
    limit: 'report',
  }),
  pay: consoleRoute('openPayment', {
    method: 'POST',
    path: '/api/teams/{teamId}/payments',
    tag,
    summary:
      'Opens a page to pay at, and answers its address. What is paid there is in the balance once the payment service has said so; five may be open at once.',
    params: team,
    body: z.strictObject({ amountUsd: usdInput }),
    reply: payment,
    status: 201,
    errors: [...refusals, 'reauthentication_required', 'request_conflict'],
    access: paying,
    audit: 'payment.opened',
  }),
  cancel: consoleRoute('cancelPayment', {
    method: 'DELETE',
    path: '/api/teams/{teamId}/payments/{paymentId}',
    tag,
    summary: 'Gives a payment up that nobody has paid: its page says so from then on.',
    params: z.strictObject({ teamId, paymentId }),
    reply: payment,
    errors: [...refusals, 'reauthentication_required', 'request_conflict'],
    access: paying,
    audit: 'payment.cancelled',
  }),
};
