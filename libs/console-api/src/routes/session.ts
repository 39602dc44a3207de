import { clientContext, longText, MAX_ENTRIES, role, shortText, teamId, userId } from '@orgn/contracts';
import { z } from 'zod';
import { consoleRoute, noReply } from '../route.ts';

const sessionId = z.string().regex(/^session_[0-9a-f]{32}$/, 'must look like session_ and 32 hexadecimal digits');
const tag = 'session';

/** Opened by a person's browser: goes to the identity provider and comes back signed in. */
export const beginSignIn = consoleRoute('beginSignIn', {
  method: 'GET',
  path: '/api/auth/login',
  tag,
  summary: 'Sign in: open this address in a browser.',
  query: z.object({
    /** Path on this host to end on; anything else ends on the start page. */
    returnTo: z.string().max(2048).optional(),
    /** Who is going to sign in, as a hint to the provider. */
    login_hint: z.string().max(320).optional(),
    /** `1`: prove again who you are; the provider asks even if it knows this browser. */
    stepUp: z.enum(['0', '1']).default('0'),
    /** Who comes by an invitation link: the SHA-256 of its token, in base64url. The token itself is for accepting alone. */
    invitation: z
      .string()
      .regex(/^[A-Za-z0-9_-]{43}$/, 'must be the digest of an invitation’s token')
      .optional(),
  }),
  reply: noReply,
  status: 302,
  errors: ['rate_limit_exceeded'],
  access: { who: 'public' },
  limit: 'sign_in',
});

/** Where the identity provider sends the browser back to. */
export const completeSignIn = consoleRoute('completeSignIn', {
  method: 'GET',
  path: '/api/auth/callback',
  tag,
  summary: 'Where the identity provider sends the browser back to.',
  query: z.looseObject({ state: z.string().max(512).optional() }),
  reply: noReply,
  status: 302,
  errors: ['rate_limit_exceeded'],
  access: { who: 'public' },
  limit: 'sign_in_answer',
});

export const signOut = consoleRoute('signOut', {
  method: 'POST',
  path: '/api/auth/logout',
  tag,
  summary: 'End this session. Go to `logoutUrl` afterwards to sign out of the identity provider as well.',
  reply: z.object({ logoutUrl: longText }),
  errors: ['rate_limit_exceeded'],
  access: { who: 'public' },
  audit: 'session.ended',
});

export const getSession = consoleRoute('getSession', {
  method: 'GET',
  path: '/api/session',
  tag,
  summary: 'Who is signed in, since when and until when, and in which teams.',
  reply: z.object({
    user: z.object({
      id: userId,
      email: shortText,
      emailVerified: z.boolean(),
      name: shortText,
      /** Whether this person runs the deployment. */
      isOperator: z.boolean(),
    }),
    session: z.object({
      id: sessionId,
      createdAt: z.iso.datetime().max(64),
      /** When it ends if it is not used any more. */
      expiresAt: z.iso.datetime().max(64),
      /** When this person last proved who they are; null: the identity provider does not say, so it is not recent. */
      authenticatedAt: z.iso.datetime().max(64).nullable(),
      /** Whether that is recent enough for what needs a recent sign-in. */
      isFresh: z.boolean(),
    }),
    teams: z.array(z.object({ id: teamId, name: shortText, role })).max(MAX_ENTRIES),
  }),
  access: { who: 'signed_in' },
});

export const listSessions = consoleRoute('listSessions', {
  method: 'GET',
  path: '/api/sessions',
  tag,
  summary: 'The sessions of the person who is signed in, newest first.',
  reply: z.object({
    data: z
      .array(
        z.object({
          id: sessionId,
          createdAt: z.iso.datetime().max(64),
          /** To the minute. */
          lastSeenAt: z.iso.datetime().max(64),
          authenticatedAt: z.iso.datetime().max(64).nullable(),
          expiresAt: z.iso.datetime().max(64),
          client: clientContext,
          isCurrent: z.boolean(),
        }),
      )
      .max(MAX_ENTRIES),
  }),
  access: { who: 'signed_in' },
});

export const endSession = consoleRoute('endSession', {
  method: 'DELETE',
  path: '/api/sessions/{sessionId}',
  tag,
  summary: 'End one of your sessions.',
  params: z.object({ sessionId }),
  reply: noReply,
  status: 204,
  errors: ['not_found'],
  access: { who: 'signed_in' },
  audit: 'session.ended',
});

export const endOtherSessions = consoleRoute('endOtherSessions', {
  method: 'DELETE',
  path: '/api/sessions',
  tag,
  summary: 'End all of your sessions but this one.',
  reply: z.object({ ended: z.number().int() }),
  access: { who: 'signed_in' },
  audit: 'session.ended',
});

/** The routes about being signed in. */
export const sessionRoutes = [
  beginSignIn,
  completeSignIn,
  signOut,
  getSession,
  listSessions,
  endSession,
  endOtherSessions,
] as const;
