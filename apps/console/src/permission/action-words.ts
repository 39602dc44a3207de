import { permissionTable, teamActions, type TeamAction } from '@orgn/console-api';
import type { Role } from '@orgn/contracts';

/** What each action of the permission table lets somebody do, as the end of "may …". */
const words: Partial<Record<string, string>> = {
  'team.read': 'see the team and its settings',
  'team.update': 'rename the team and change its settings',
  'team.delete': 'delete the team',
  'team.transfer': 'hand the team over',
  'team.leave': 'leave the team',
  'enclaves.update': 'say what enclaves must prove',
  'members.read': 'see who is in the team',
  'members.update': 'change roles',
  'members.remove': 'remove people',
  'invitations.read': 'see invitations',
  'invitations.create': 'invite people',
  'invitations.revoke': 'take invitations back',
  'keys.read': 'see keys, never their secrets',
  'keys.create': 'make keys',
  'keys.update': 'rename keys and change their limits',
  'keys.rotate': 'rotate keys',
  'keys.disable': 'disable keys',
  'keys.enable': 'enable keys',
  'keys.revoke': 'revoke keys',
  'models.read': 'see the models',
  'playground.use': 'try models in the playground',
  'usage.read': 'see usage',
  'requests.read': 'see single requests',
  'audit.read': 'read the audit log',
  'billing.read': 'see the balance and what was paid',
  'billing.update': 'pay in',
};

export interface RoleLine {
  action: TeamAction;
  text: string;
  isOwnOnly: boolean;
}

/** What a role may do, line by line, from the permission table itself. */
export function roleLines(role: Role): RoleLine[] {
  return teamActions.flatMap((action) => {
    const grant = permissionTable[action][role];
    if (grant === 'none') return [];
    return [{ action, text: words[action] ?? action, isOwnOnly: grant === 'own' }];
  });
}

/** What sets one role off from the others, in a sentence. */
export const roleSentences: Record<Role, string> = {
  owner: 'Owners do everything.',
  admin: 'Admins look after people, keys and the books.',
  member: 'Members have keys of their own.',
  viewer: 'Viewers look, and change nothing.',
};
