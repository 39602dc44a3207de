import { alert, alertPercents, teamId } from '@orgn/contracts';
import { z } from 'zod';
import { consoleRoute } from '../route.ts';

const params = z.strictObject({ teamId });
const tag = 'billing';

export const alertRoutes = {
  list: consoleRoute('listAlerts', {
    method: 'GET',
    path: '/api/teams/{teamId}/alerts',
    tag,
    summary:
      'Limits that are nearly used up, those that hold first, and at which percentages the team’s owners are told.',
    params,
    reply: z.object({ percents: alertPercents, alerts: z.array(alert).max(100) }),
    errors: ['not_found', 'not_permitted'],
    access: { who: 'signed_in', action: 'billing.read' },
  }),
  set: consoleRoute('setAlerts', {
    method: 'PATCH',
    path: '/api/teams/{teamId}/alerts',
    tag,
    summary: 'Chooses at which percentages of the balance and of budgets owners are told by mail; none: never.',
    params,
    body: z.strictObject({ percents: alertPercents }),
    reply: z.object({ percents: alertPercents }),
    errors: ['not_found', 'not_permitted'],
    access: { who: 'signed_in', action: 'billing.update' },
    audit: 'team.alerts_set',
  }),
};
