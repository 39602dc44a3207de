import { keysOfLeaver, role, shortText, teamId, userId } from '@orgn/contracts';
import { z } from 'zod';
import { consoleRoute, noReply, page, paging } from '../route.ts';
import { person } from './person.ts';

export const member = person.extend({ role, joinedAt: shortText, isYou: z.boolean() });
export type Member = z.output<typeof member>;

const team = z.strictObject({ teamId });
const params = z.strictObject({ teamId, userId });
const tag = 'members';

export const memberRoutes = {
  list: consoleRoute('listMembers', {
    method: 'GET',
    path: '/api/teams/{teamId}/members',
    tag,
    summary: 'Members of a team.',
    params: team,
    query: z.strictObject({ ...paging, cursor: userId.optional() }),
    reply: page(member),
    errors: ['not_found'],
    access: { who: 'signed_in', action: 'members.read' },
  }),
  update: consoleRoute('updateMember', {
    method: 'PATCH',
    path: '/api/teams/{teamId}/members/{userId}',
    tag,
    summary: 'Gives a member another role. Only owners make and unmake owners, and one always remains.',
    params,
    body: z.strictObject({ role }),
    reply: member,
    errors: ['not_found', 'not_permitted', 'request_conflict', 'reauthentication_required'],
    access: { who: 'signed_in', action: 'members.update', isStepUp: true },
    audit: 'member.updated',
  }),
  remove: consoleRoute('removeMember', {
    method: 'DELETE',
    path: '/api/teams/{teamId}/members/{userId}',
    tag,
    summary:
      'Removes a member and ends their sessions. `keys` says what becomes of keys they own: adopted by the caller, suspended or revoked.',
    params,
    query: z.strictObject({ keys: keysOfLeaver.optional() }),
    reply: noReply,
    status: 204,
    errors: ['not_found', 'not_permitted', 'request_conflict', 'confirmation_required'],
    access: { who: 'signed_in', action: 'members.remove' },
    audit: 'member.removed',
  }),
};
