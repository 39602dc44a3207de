import { teamId } from '@orgn/contracts';
import { z } from 'zod';
import { consoleRoute, noReply } from '../route.ts';

export const playgroundRoutes = {
  chat: consoleRoute('tryModel', {
    method: 'POST',
    path: '/api/teams/{teamId}/playground/chat',
    tag: 'playground',
    summary:
      'Asks a model, as the caller and not under any key: takes and answers what `POST /v1/chat/completions` of the API host does, streams and errors included. It costs the team what it would cost there. Nothing of it is kept but its usage.',
    params: z.strictObject({ teamId }),
    /** A chat request as the API host documents it; it is passed on unread. */
    body: z.looseObject({}),
    reply: noReply,
    errors: ['not_found', 'not_permitted', 'rate_limit_exceeded', 'team_suspended', 'request_too_large'],
    access: { who: 'signed_in', action: 'playground.use' },
    limit: 'playground',
  }),
};
