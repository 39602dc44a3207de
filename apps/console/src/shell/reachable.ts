import { mayDo } from '@orgn/console-api';
import { pages, type NavName, type PageRow } from '../pages.ts';
import type { Session } from '../session/session.ts';

export type Reachable = PageRow & { name: NavName; address: string };

const rows: readonly (PageRow & { name: NavName })[] = pages.filter((row) => 'nav' in row);

/** The pages that stand in the navigation for this person in this team, and their addresses. */
export function reachable(session: Session, team: Session['teams'][number] | undefined): Reachable[] {
  return rows
    .filter(({ path, action, isOperator }) => {
      if (isOperator && !session.user.isOperator) return false;
      if (!path.includes(':teamId')) return true;
      return team !== undefined && (action === undefined || mayDo(team.role, action, true));
    })
    .map((row) => ({ ...row, address: row.path.replace(':teamId', team?.id ?? '') }));
}
