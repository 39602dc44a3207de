import type { Role } from '@orgn/contracts';

/** What can be done in a team, as the permission table names it. */
export const teamActions = [
  'team.read',
  'team.update',
  'team.delete',
  'team.transfer',
  'team.leave',
  'enclaves.update',
  'members.read',
  'members.update',
  'members.remove',
  'invitations.read',
  'invitations.create',
  'invitations.revoke',
  'keys.read',
  'keys.create',
  'keys.update',
  'keys.rotate',
  'keys.disable',
  'keys.enable',
  'keys.revoke',
  'models.read',
  'playground.use',
  'usage.read',
  'requests.read',
  'audit.read',
  'billing.read',
  'billing.update',
] as const;
export type TeamAction = (typeof teamActions)[number];

/** `own`: only on what the person owns. */
export type Grant = 'any' | 'own' | 'none';

/** THE permission table: who may do what in a team. Everything that decides or shows a permission reads it here. */
export const permissionTable = {
  'team.read': { owner: 'any', admin: 'any', member: 'any', viewer: 'any' },
  'team.update': { owner: 'any', admin: 'any', member: 'none', viewer: 'none' },
  'team.delete': { owner: 'any', admin: 'none', member: 'none', viewer: 'none' },
  'team.transfer': { owner: 'any', admin: 'none', member: 'none', viewer: 'none' },
  'team.leave': { owner: 'any', admin: 'any', member: 'any', viewer: 'any' },
  'enclaves.update': { owner: 'any', admin: 'none', member: 'none', viewer: 'none' },
  'members.read': { owner: 'any', admin: 'any', member: 'any', viewer: 'any' },
  'members.update': { owner: 'any', admin: 'any', member: 'none', viewer: 'none' },
  'members.remove': { owner: 'any', admin: 'any', member: 'none', viewer: 'none' },
  'invitations.read': { owner: 'any', admin: 'any', member: 'none', viewer: 'none' },
  'invitations.create': { owner: 'any', admin: 'any', member: 'none', viewer: 'none' },
  'invitations.revoke': { owner: 'any', admin: 'any', member: 'none', viewer: 'none' },
  'keys.read': { owner: 'any', admin: 'any', member: 'any', viewer: 'any' },
  'keys.create': { owner: 'any', admin: 'any', member: 'own', viewer: 'none' },
  'keys.update': { owner: 'any', admin: 'any', member: 'own', viewer: 'none' },
  'keys.rotate': { owner: 'any', admin: 'any', member: 'own', viewer: 'none' },
  'keys.disable': { owner: 'any', admin: 'any', member: 'own', viewer: 'none' },
  'keys.enable': { owner: 'any', admin: 'any', member: 'own', viewer: 'none' },
  'keys.revoke': { owner: 'any', admin: 'any', member: 'own', viewer: 'none' },
  'models.read': { owner: 'any', admin: 'any', member: 'any', viewer: 'any' },
  'playground.use': { owner: 'any', admin: 'any', member: 'any', viewer: 'none' },
  'usage.read': { owner: 'any', admin: 'any', member: 'own', viewer: 'none' },
  'requests.read': { owner: 'any', admin: 'any', member: 'own', viewer: 'none' },
  'audit.read': { owner: 'any', admin: 'any', member: 'none', viewer: 'none' },
  'billing.read': { owner: 'any', admin: 'any', member: 'none', viewer: 'none' },
  'billing.update': { owner: 'any', admin: 'none', member: 'none', viewer: 'none' },
} as const satisfies Record<TeamAction, Record<Role, Grant>>;

/** Whether a role may do something to a thing that is the person's own, or somebody else's. */
export function mayDo(role: Role, action: TeamAction, isOwn: boolean): boolean {
  const grant: Grant = permissionTable[action][role];
  return grant === 'any' || (grant === 'own' && isOwn);
}
