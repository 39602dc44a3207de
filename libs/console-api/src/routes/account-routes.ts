import { keysLeftBehind, MAX_ENTRIES, personalData, personalEntry } from '@orgn/contracts';
import { z } from 'zod';
import { consoleRoute, noReply } from '../route.ts';

const tag = 'account';

export const accountRoutes = {
  export: consoleRoute('exportAccount', {
    method: 'GET',
    path: '/api/account/export',
    tag,
    summary:
      'Everything that this deployment holds of the person who is signed in, and the newest 10,000 entries on what they did.',
    reply: personalData.extend({ auditEntries: z.array(personalEntry).max(MAX_ENTRIES) }),
    errors: ['rate_limit_exceeded'],
    access: { who: 'signed_in' },
    limit: 'report',
  }),
  delete: consoleRoute('deleteAccount', {
    method: 'DELETE',
    path: '/api/account',
    tag,
    summary:
      'Forgets the person who is signed in: name, address, identity and sessions go, their id stays in logs and usage. Teams in which they are alone end; the only owner of another team hands it over first.',
    body: z.strictObject({
      /** What becomes of keys that they own in teams which go on; must be said where there are any. */
      keys: keysLeftBehind.optional(),
      /** Must be said where teams end with the account. */
      confirm: z.boolean().default(false),
    }),
    reply: noReply,
    status: 204,
    errors: ['request_conflict', 'confirmation_required', 'reauthentication_required'],
    access: { who: 'signed_in', isStepUp: true },
    audit: 'user.deleted',
  }),
};
