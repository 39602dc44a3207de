import { mayDo } from '@orgn/console-api';
import { pages, type PageName, type PageRow } from '../pages.ts';
import type { Session } from '../session/session.ts';

export type Reachable = PageRow & { name: PageName; address: string };

const rows: readonly (PageRow & { name: PageName })[] = pages;

/** The pages that stand in the navigation for this person in this team, and their addresses. */
export function reachable(session: Session, team: Session['teams'][number] | undefined): Reachable[] {
  return rows
    .filter(({ nav, path, action, isOperator }) => {
      if (nav === undefined || (isOperator && !session.user.isOperator)) return false;
      if (!path.includes(':teamId')) return true;
      return team !== undefined && (action === undefined || mayDo(team.role, action, true));
    })
    .map((row) => ({ ...row, address: row.path.replace(':teamId', team?.id ?? '') }));
}
