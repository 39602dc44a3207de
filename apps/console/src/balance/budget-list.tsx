import { budgetRoutes, memberRoutes, type ConsoleReplyOf, type MonthlyStanding } from '@orgn/console-api';
import { useQuery } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import type { TeamId } from '@orgn/contracts';
import { allPagesOf } from '../api/all-pages.ts';
import { queryOf } from '../api/query.ts';
import { late } from '../page/late.tsx';
import { Loaded } from '../page/loaded.tsx';
import { useReason } from '../permission/may.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { usd } from '../ui/figures.ts';
import { number, rowActions, Table } from '../ui/table.tsx';
import { exactDay } from '../ui/time-text.ts';
import type { Budgeted } from './budget-dialog.tsx';
import { roughly } from './money.ts';

const BudgetDialog = late(() => import('./budget-dialog.tsx'));
type Budgets = ConsoleReplyOf<typeof budgetRoutes.list>;

const unlimited: MonthlyStanding = { limit: null, isSoft: false, spentNanoUsd: '0', heldNanoUsd: '0' };

/** What the team and each of its members may spend in a month. Budgets of keys are with the keys. */
export function BudgetList({ teamId }: { teamId: TeamId }) {
  const params = { teamId };
  const query = useQuery(queryOf(budgetRoutes.list, { params }));
  const members = useQuery(allPagesOf(memberRoutes.list, { params }));
  const [changed, setChanged] = useState<Budgeted | null>(null);
  return (
    <section aria-labelledby="budgets">
      <h2 id="budgets">Monthly budgets</h2>
      <Loaded query={query} lines={3}>
        {(budgets) => (
          <>
            <p className="quiet">
              Hard unless they only warn: what could go beyond one is refused before it runs. They begin anew on{' '}
              {exactDay(budgets.resetsAt, 'UTC')} (UTC). Keys have budgets of their own, by the day, week, month and in
              all.
            </p>
            <Loaded query={members} lines={3}>
              {({ rows }) => <BudgetTable rows={rowsOf(budgets, rows)} change={setChanged} />}
            </Loaded>
          </>
        )}
      </Loaded>
      <Suspense fallback={null}>
        {changed && <BudgetDialog teamId={teamId} budgeted={changed} onClose={() => setChanged(null)} />}
      </Suspense>
    </section>
  );
}

function rowsOf({ team, members }: Budgets, people: readonly { id: string; name: string }[]): Budgeted[] {
  const known = members.map(({ member, ...standing }) => ({ who: member.name, memberId: member.id, standing }));
  const others = people
    .filter(({ id }) => known.every(({ memberId }) => memberId !== id))
    .map(({ id, name }) => ({ who: name, memberId: id, standing: unlimited }));
  return [{ who: 'The whole team', memberId: null, standing: team ?? unlimited }, ...known, ...others];
}

function BudgetTable({ rows, change }: { rows: readonly Budgeted[]; change: (row: Budgeted) => void }) {
  return (
    <Table label="Who may spend what" columns={['Who', number('Spent'), number('Budget'), rowActions]}>
      {rows.map((row) => (
        <BudgetRow key={row.memberId ?? 'team'} row={row} change={change} />
      ))}
    </Table>
  );
}

function BudgetRow({ row, change }: { row: Budgeted; change: (row: Budgeted) => void }) {
  const why = useReason();
  const { who, memberId, standing } = row;
  return (
    <tr>
      <td>{who}</td>
      <td className="number">{roughly(standing.spentNanoUsd)}</td>
      <td className="number">
        {standing.limit === null ? <span className="quiet">none</span> : usd(standing.limit)}{' '}
        {standing.isSoft && <Badge>warns</Badge>}
      </td>
      <td>
        <div className="row-actions">
          <Button
            aria-label={`Set the budget of ${who}`}
            reason={why(memberId === null ? 'billing.update' : 'members.update')}
            onClick={() => change(row)}
          >
            {standing.limit === null ? 'Set' : 'Change'}
          </Button>
        </div>
      </td>
    </tr>
  );
}
