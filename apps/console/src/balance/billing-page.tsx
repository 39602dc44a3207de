import { billingRoutes, type ConsoleReplyOf } from '@orgn/console-api';
import type { TeamId } from '@orgn/contracts';
import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { Suspense, useState } from 'react';
import { queryOf } from '../api/query.ts';
import { late } from '../page/late.tsx';
import { Loaded } from '../page/loaded.tsx';
import { Page } from '../page/page.tsx';
import { useAddress } from '../page/use-address.ts';
import { useReason } from '../permission/may.ts';
import { useTeam } from '../session/team.ts';
import { Button } from '../ui/button.tsx';
import { Note } from '../ui/note.tsx';
import { AlertList } from './alert-list.tsx';
import { BalanceFigures } from './balance-figures.tsx';
import { BudgetList } from './budget-list.tsx';
import { MoneyList } from './money-list.tsx';
import { PaymentList } from './payment-list.tsx';
import { Statements } from './statements.tsx';
import './balance.css';

const TopUp = late(() => import('./top-up-dialog.tsx'));
type Overview = ConsoleReplyOf<typeof billingRoutes.overview>;

/** Whoever comes back from paying sees the balance move. */
const LOOK_MS = 5_000;

/** What the team has, what it paid, and how long that lasts. */
export default function BillingPage() {
  const team = useTeam();
  const why = useReason();
  const [isPaying, setPaying] = useState(false);
  const query = useQuery({
    ...queryOf(billingRoutes.overview, { params: { teamId: team.id } }),
    refetchInterval: LOOK_MS,
  });
  const terms = query.data?.terms ?? null;
  const noTerms =
    query.data && terms === null ? 'This deployment takes no payments: its operator credits balances.' : undefined;
  return (
    <Page
      title="Billing"
      lead="Requests are paid out of this balance. What one can cost at most is set aside before it runs, so the balance is never overspent."
      actions={
        <Button
          kind="primary"
          icon={<Plus aria-hidden size={16} />}
          reason={why('billing.update') ?? noTerms}
          onClick={() => setPaying(true)}
        >
          Top up
        </Button>
      }
    >
      <Loaded query={query}>{(overview) => <Billing overview={overview} teamId={team.id} />}</Loaded>
      <Suspense fallback={null}>
        {isPaying && terms !== null && <TopUp terms={terms} onClose={() => setPaying(false)} />}
      </Suspense>
    </Page>
  );
}

function Billing({ overview, teamId }: { overview: Overview; teamId: TeamId }) {
  const { search } = useAddress();
  const isPaid = overview.payments[0]?.state === 'paid';
  return (
    <>
      {search.get('payment') === 'done' && (
        <Note kind={isPaid ? 'good' : 'info'} title={isPaid ? 'Paid: it is in the balance' : 'Thank you'}>
          {!isPaid && <p>The balance moves as soon as Stripe says that the payment has arrived.</p>}
        </Note>
      )}
      <BalanceFigures {...overview} />
      <PaymentList payments={overview.payments} />
      <BudgetList teamId={teamId} />
      <AlertList teamId={teamId} />
      <MoneyList teamId={teamId} payments={overview.payments} />
      <Statements teamId={teamId} />
    </>
  );
}
