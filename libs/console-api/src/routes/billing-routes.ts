import { balance, statement, teamId, tellStatement } from '@orgn/contracts';
import { z } from 'zod';
import { consoleRoute } from '../route.ts';

const team = z.strictObject({ teamId });
const tag = 'billing';

export const billingRoutes = {
  balance: consoleRoute('getBalance', {
    method: 'GET',
    path: '/api/teams/{teamId}/balance',
    tag,
    summary:
      'What the team has: its funds, what of them is held for requests that run, what it owes. Sums are nano-USD (1e-9 USD) as decimal strings.',
    params: team,
    reply: balance,
    errors: ['not_found', 'not_permitted'],
    access: { who: 'signed_in', action: 'billing.read' },
  }),
  statement: consoleRoute('getStatement', {
    method: 'GET',
    path: '/api/teams/{teamId}/statement',
    tag,
    summary:
      'A month (UTC) of the team’s books: what it began and ended with, what usage came to day by day, and what was paid in or back. Usage counts where it was admitted.',
    params: team,
    query: z.strictObject({ month: tellStatement.request.shape.month }),
    reply: statement,
    errors: ['not_found', 'not_permitted', 'rate_limit_exceeded'],
    access: { who: 'signed_in', action: 'billing.read' },
    limit: 'report',
  }),
};
