import { billingRoutes } from '@orgn/console-api';
import type { ListedMoney, Payment, TeamId } from '@orgn/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { usePagesOf } from '../api/pages-of.ts';
import { Loaded } from '../page/loaded.tsx';
import { Older } from '../page/older.tsx';
import { Empty } from '../ui/empty.tsx';
import { aside, Beneath, number, Table } from '../ui/table.tsx';
import { Time } from '../ui/time.tsx';
import { money } from '../ui/figures.ts';

const kinds: Record<string, string> = {
  credit: 'credited',
  top_up: 'paid in',
  refund: 'paid back',
  chargeback: 'taken back by the bank',
  chargeback_won: 'dispute won',
  recovery: 'settled what was owed',
};

interface MoneyListProps {
  teamId: TeamId;
  payments: readonly Payment[];
}

/** What was paid in, given and paid back, newest first. Usage has a page of its own. */
export function MoneyList({ teamId, payments }: MoneyListProps) {
  useBookedWith(payments);
  const query = usePagesOf(billingRoutes.ledger, { params: { teamId } });
  return (
    <section aria-labelledby="history">
      <h2 id="history">History</h2>
      <Loaded query={query}>{({ pages }) => <Entries entries={pages.flatMap(({ data }) => data)} />}</Loaded>
      <Older query={query} what="entries" />
    </section>
  );
}

/** A payment is booked when it arrives: what is listed is asked for anew when one has come to another state. */
function useBookedWith(payments: readonly Payment[]) {
  const queries = useQueryClient();
  const states = payments.map(({ id, state }) => `${id} ${state}`).join();
  const before = useRef(states);
  useEffect(() => {
    if (before.current === states) return;
    before.current = states;
    const { tag, name } = billingRoutes.ledger;
    void queries.invalidateQueries({ queryKey: [tag, name] });
  }, [states, queries]);
}

function Entries({ entries }: { entries: readonly ListedMoney[] }) {
  if (entries.length === 0) {
    return (
      <Empty title="Nothing was paid in yet">
        <p>Payments, credits and refunds are listed here. What requests cost is on the Usage page.</p>
      </Empty>
    );
  }
  return (
    <Table label="What was booked" columns={['When', 'What', number('Amount'), aside('Reason'), aside('By')]}>
      {entries.map((entry) => (
        <tr key={entry.id}>
          <td>
            <Time at={entry.at} />
          </td>
          <td>
            {kinds[entry.kind] ?? entry.kind}
            <Beneath>{[entry.reason, entry.actor].filter(Boolean).join(', ')}</Beneath>
          </td>
          <td className="number">
            {money(entry.credit === 'outside' ? `-${entry.amountNanoUsd}` : entry.amountNanoUsd)}
          </td>
          <td className="aside">{entry.reason}</td>
          <td className="aside">{entry.actor}</td>
        </tr>
      ))}
    </Table>
  );
}
