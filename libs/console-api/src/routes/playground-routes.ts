import { keyId, teamId } from '@orgn/contracts';
import { z } from 'zod';
import { consoleRoute, noReply } from '../route.ts';

export const playgroundRoutes = {
  chat: consoleRoute('tryModel', {
    method: 'POST',
    path: '/api/teams/{teamId}/playground/chat',
    tag: 'playground',
    summary:
      'Asks a model, as the caller, under no key or under one of the caller’s own: takes and answers what `POST /v1/chat/completions` of the API host does, streams and errors included. It costs the team what it would cost there. Nothing of it is kept but its usage.',
    params: z.strictObject({ teamId }),
    query: z.strictObject({
      /** A key of the caller's own, whose budgets, rates, models and policy hold as if it had been presented; its addresses do not. */
      key: keyId.optional(),
    }),
    /** A chat request as the API host documents it; it is passed on unread. */
    body: z.looseObject({}),
    reply: noReply,
    errors: ['not_found', 'not_permitted', 'rate_limit_exceeded', 'team_suspended', 'request_too_large'],
    access: { who: 'signed_in', action: 'playground.use' },
    limit: 'playground',
  }),
};
