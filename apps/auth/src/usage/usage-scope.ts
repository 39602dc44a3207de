import { mayDo, type QueryOf, type requestRoutes, type TeamAction } from '@orgn/console-api';
import type { UserId } from '@orgn/contracts';
import type { Membership, SignedIn } from '../console/console-call.ts';
import { requirePermission } from '../permissions/require-permission.ts';

type Filters = Pick<QueryOf<typeof requestRoutes.list>, 'key' | 'model' | 'member' | 'execution'>;

/**
 * What a caller sees of a team’s usage: all that their filters match, or of that what is their own, where their role grants
 * no more.
 * @throws ServiceError `not_permitted` for somebody else’s
 */
export function scopeOf(
  { caller, membership, query }: { caller: SignedIn; membership: Membership; query: Filters },
  action: TeamAction,
) {
  const { key = null, model = null, execution = null } = query;
  return {
    teamId: membership.teamId,
    key,
    model,
    execution,
    member: memberOf(query.member, caller.userId, membership, action),
  };
}

function memberOf(asked: string | undefined, caller: UserId, { role }: Membership, action: TeamAction): string | null {
  if (asked === undefined) return mayDo(role, action, false) ? null : caller;
  requirePermission(role, action, asked === caller);
  return asked;
}
