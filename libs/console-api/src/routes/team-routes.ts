import { executionPolicy, MAX_ENTRIES, role, shortText, teamId, teamName, userId } from '@orgn/contracts';
import { z } from 'zod';
import { teamActions } from '../permissions.ts';
import { consoleRoute, noReply, page, paging } from '../route.ts';

export const leakAction = z.enum(['revoke', 'disable']);
export type LeakAction = z.output<typeof leakAction>;

export const teamSettings = z.strictObject({
  /** Whether people with the role member may make keys of their own. */
  membersMayCreateKeys: z.boolean(),
  /** What a new key may execute when its maker does not say. */
  defaultExecutionPolicy: executionPolicy,
  /** What happens to a key that a secret scanner reports. */
  leakAction,
});
export type TeamSettings = z.output<typeof teamSettings>;

export const teamSummary = z.object({
  id: teamId,
  name: shortText,
  standing: z.enum(['active', 'suspended']),
  /** The operator's reason for a suspension. */
  suspensionReason: shortText.nullable(),
  /** The caller's. */
  role,
  createdAt: shortText,
});
export type TeamSummary = z.output<typeof teamSummary>;

export const teamDetail = teamSummary.extend({
  settings: teamSettings,
  /** What the caller may do here: to everything, or to what is their own. */
  permissions: z.array(z.enum(teamActions)).max(MAX_ENTRIES),
});
export type TeamDetail = z.output<typeof teamDetail>;

const params = z.strictObject({ teamId });
const tag = 'teams';

export const teamRoutes = {
  list: consoleRoute('listTeams', {
    method: 'GET',
    path: '/api/teams',
    tag,
    summary: 'Teams that the caller is in. Which one a page shows is the page’s matter: there is no current team.',
    query: z.strictObject({ ...paging, cursor: teamId.optional() }),
    reply: page(teamSummary),
    access: { who: 'signed_in' },
  }),
  create: consoleRoute('createTeam', {
    method: 'POST',
    path: '/api/teams',
    tag,
    summary: 'Makes a team that the caller owns.',
    body: z.strictObject({ name: teamName }),
    reply: teamDetail,
    status: 201,
    errors: ['rate_limit_exceeded'],
    access: { who: 'signed_in' },
    audit: 'team.created',
  }),
  get: consoleRoute('getTeam', {
    method: 'GET',
    path: '/api/teams/{teamId}',
    tag,
    summary: 'A team, its settings, and what the caller may do in it.',
    params,
    reply: teamDetail,
    errors: ['not_found'],
    access: { who: 'signed_in', action: 'team.read' },
  }),
  update: consoleRoute('updateTeam', {
    method: 'PATCH',
    path: '/api/teams/{teamId}',
    tag,
    summary: 'Renames a team or changes its settings; what is absent stays.',
    params,
    body: z.strictObject({ name: teamName.optional(), settings: teamSettings.partial().optional() }),
    reply: teamDetail,
    errors: ['not_found', 'not_permitted'],
    access: { who: 'signed_in', action: 'team.update' },
    audit: 'team.updated',
  }),
  delete: consoleRoute('deleteTeam', {
    method: 'DELETE',
    path: '/api/teams/{teamId}',
    tag,
    summary: 'Deletes a team for good. Refused while keys are in use, naming them, unless confirmed.',
    params,
    body: z.strictObject({ confirm: z.boolean().default(false) }),
    reply: noReply,
    status: 204,
    errors: ['not_found', 'not_permitted', 'confirmation_required', 'reauthentication_required'],
    access: { who: 'signed_in', action: 'team.delete', isStepUp: true },
    audit: 'team.deleted',
  }),
  transfer: consoleRoute('transferTeam', {
    method: 'POST',
    path: '/api/teams/{teamId}/transfer',
    tag,
    summary: 'Makes another member an owner; the caller becomes an admin.',
    params,
    body: z.strictObject({ userId }),
    reply: teamDetail,
    errors: ['not_found', 'not_permitted', 'request_conflict', 'reauthentication_required'],
    access: { who: 'signed_in', action: 'team.transfer', isStepUp: true },
    audit: 'team.transferred',
  }),
  leave: consoleRoute('leaveTeam', {
    method: 'POST',
    path: '/api/teams/{teamId}/leave',
    tag,
    summary: 'Leaves a team. Whoever owns keys that have not ended says what becomes of them.',
    params,
    body: z.strictObject({ keys: z.enum(['suspend', 'revoke']).optional() }),
    reply: noReply,
    status: 204,
    errors: ['not_found', 'request_conflict', 'confirmation_required'],
    access: { who: 'signed_in', action: 'team.leave' },
    audit: 'member.left',
  }),
};
