import { mayDo, permissionTable, type TeamAction } from '@orgn/console-api';
import type { Role } from '@orgn/contracts';
import { useOfflineSince } from '../api/online.ts';
import { useTeam } from '../session/team.ts';

const roles: readonly Role[] = ['owner', 'admin', 'member', 'viewer'];
const plural: Record<Role, string> = { owner: 'owners', admin: 'admins', member: 'members', viewer: 'viewers' };

/** `owners, admins, and members for what is theirs`: who may do something, in words. */
export function whoMay(action: TeamAction): string {
  const any = roles.filter((role) => permissionTable[action][role] === 'any').map((role) => plural[role]);
  const own = roles.filter((role) => permissionTable[action][role] === 'own').map((role) => plural[role]);
  const all = own.length === 0 ? any : [...any, `${own.join(' and ')} for what is theirs`];
  return new Intl.ListFormat('en').format(all);
}

/**
 * Why the person may not do something in this team now, in words; undefined: they may.
 * @param isOwn whether the thing is theirs
 */
export function useReason(): (action: TeamAction, isOwn?: boolean) => string | undefined {
  const team = useTeam();
  const offline = useOfflineSince();
  return (action, isOwn = true) => {
    if (action === 'keys.create' && team.role === 'member' && !team.settings.membersMayCreateKeys) {
      return 'This team’s settings let only owners and admins make keys.';
    }
    if (!mayDo(team.role, action, isOwn))
      return `Only ${whoMay(action)} may do this. You are ${article(team.role)} here.`;
    return offline === null ? undefined : 'This browser is offline.';
  };
}

function article(role: Role): string {
  return role === 'owner' || role === 'admin' ? `an ${role}` : `a ${role}`;
}
