import { mayDo, permissionTable, type TeamAction } from '@orgn/console-api';
import type { Role } from '@orgn/contracts';
import { OFFLINE, useOfflineSince } from '../api/online.ts';
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

type Reason = (action: TeamAction, isOwn?: boolean) => string | undefined;

/**
 * Why the person may not do something in this team, in words; undefined: they may. `isOwn`: whether the thing is theirs, which it
 * is where nobody says otherwise.
 */
export function useRefusal(): Reason {
  const team = useTeam();
  return (action, isOwn = true) => {
    if (action === 'keys.create' && team.role === 'member' && !team.settings.membersMayCreateKeys) {
      return 'This team’s settings let only owners and admins make keys.';
    }
    if (mayDo(team.role, action, isOwn)) return undefined;
    return `Only ${whoMay(action)} may do this. You are ${article(team.role)} here.`;
  };
}

/** Why it cannot be done now: they may not, or there is no network. What is open already stays open without one. */
export function useReason(): Reason {
  const refusal = useRefusal();
  const offline = useOfflineSince();
  return (action, isOwn) => refusal(action, isOwn) ?? (offline === null ? undefined : OFFLINE);
}

function article(role: Role): string {
  return role === 'owner' || role === 'admin' ? `an ${role}` : `a ${role}`;
}
