import { longText, role, shortText, teamId } from '@orgn/contracts';
import { z } from 'zod';
import { consoleRoute, noReply, page, paging } from '../route.ts';
import { person } from './person.ts';

export const invitation = z.object({
  id: z.uuid(),
  email: shortText,
  role,
  status: z.enum(['pending', 'expired']),
  invitedBy: person.nullable(),
  createdAt: shortText,
  expiresAt: shortText,
});
export type Invitation = z.output<typeof invitation>;

export const sentInvitation = invitation.extend({
  /** False: the mail could not be sent; the invitation is there all the same and can be sent again. */
  isMailed: z.boolean(),
  /** Only where no mail is sent, in development: for the inviter to hand over. */
  link: longText.nullable(),
});
export type SentInvitation = z.output<typeof sentInvitation>;

const team = z.strictObject({ teamId });
const params = z.strictObject({ teamId, invitationId: z.uuid() });
const tag = 'invitations';

export const invitationRoutes = {
  list: consoleRoute('listInvitations', {
    method: 'GET',
    path: '/api/teams/{teamId}/invitations',
    tag,
    summary: 'Invitations that nobody has accepted yet, newest first.',
    params: team,
    query: z.strictObject({ ...paging, cursor: z.uuid().optional() }),
    reply: page(invitation),
    errors: ['not_found', 'not_permitted'],
    access: { who: 'signed_in', action: 'invitations.read' },
  }),
  create: consoleRoute('createInvitation', {
    method: 'POST',
    path: '/api/teams/{teamId}/invitations',
    tag,
    summary: 'Invites somebody by e-mail; the invitation is good for seven days, once. Ownership cannot be given so.',
    params: team,
    body: z.strictObject({
      email: z.email('must be an e-mail address').max(254),
      role: role.exclude(['owner']),
    }),
    reply: sentInvitation,
    status: 201,
    errors: ['not_found', 'not_permitted', 'request_conflict', 'rate_limit_exceeded'],
    access: { who: 'signed_in', action: 'invitations.create' },
    audit: 'invitation.created',
    limit: 'invitation',
  }),
  resend: consoleRoute('resendInvitation', {
    method: 'POST',
    path: '/api/teams/{teamId}/invitations/{invitationId}/resend',
    tag,
    summary: 'Sends an invitation again, with a new link for seven days; the old link no longer works.',
    params,
    reply: sentInvitation,
    errors: ['not_found', 'not_permitted', 'rate_limit_exceeded'],
    access: { who: 'signed_in', action: 'invitations.create' },
    audit: 'invitation.resent',
    limit: 'invitation',
  }),
  revoke: consoleRoute('revokeInvitation', {
    method: 'DELETE',
    path: '/api/teams/{teamId}/invitations/{invitationId}',
    tag,
    summary: 'Takes an invitation back.',
    params,
    reply: noReply,
    status: 204,
    errors: ['not_found', 'not_permitted'],
    access: { who: 'signed_in', action: 'invitations.revoke' },
    audit: 'invitation.revoked',
  }),
  accept: consoleRoute('acceptInvitation', {
    method: 'POST',
    path: '/api/invitations/accept',
    tag,
    summary: 'Joins the team of an invitation, as somebody whose verified address is the invited one.',
    body: z.strictObject({ token: z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'must be the token of an invitation link') }),
    reply: z.object({ teamId, role }),
    errors: ['not_found', 'not_permitted', 'request_conflict'],
    access: { who: 'signed_in' },
    audit: 'invitation.accepted',
  }),
};
