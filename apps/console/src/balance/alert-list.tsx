import { alertRoutes, type ConsoleReplyOf } from '@orgn/console-api';
import type { Alert, TeamId } from '@orgn/contracts';
import { useQuery } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';
import { useChange } from '../api/change.ts';
import { queryOf } from '../api/query.ts';
import { Loaded } from '../page/loaded.tsx';
import { ProblemNote } from '../page/problem-note.tsx';
import { useReason } from '../permission/may.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { money } from '../ui/figures.ts';
import { number, Table } from '../ui/table.tsx';
import { Time } from '../ui/time.tsx';

type Alerts = ConsoleReplyOf<typeof alertRoutes.list>;

const kinds: Record<Alert['kind'], string> = {
  balance: 'Balance',
  team: 'Budget of the team',
  member: 'Budget of a member',
  lineage: 'Budget of a key',
};

/** Limits that are nearly used up, and when owners are mailed about them. */
export function AlertList({ teamId }: { teamId: TeamId }) {
  const query = useQuery({ ...queryOf(alertRoutes.list, { params: { teamId } }), refetchInterval: 15_000 });
  return (
    <section aria-labelledby="alerts">
      <h2 id="alerts">Alerts</h2>
      <Loaded query={query} lines={2}>
        {(alerts) => (
          <>
            <Open alerts={alerts.alerts.filter(({ closedAt }) => closedAt === null)} />
            <Shares key={alerts.percents.join()} teamId={teamId} percents={alerts.percents} />
          </>
        )}
      </Loaded>
    </section>
  );
}

function Open({ alerts }: Pick<Alerts, 'alerts'>) {
  if (alerts.length === 0) return <p className="quiet">No limit is nearly used up.</p>;
  return (
    <Table label="Limits that are nearly used up" columns={['Limit', 'Used', number('Of'), 'Since']}>
      {alerts.map(({ id, kind, period, percent, limitNanoUsd, openedAt }) => (
        <tr key={id}>
          <td>
            {kinds[kind]}
            {period !== 'total' && `, this ${period}`}
          </td>
          <td>
            <Badge tone={percent >= 100 ? 'bad' : 'warning'}>{percent} %</Badge>
          </td>
          <td className="number">{money(limitNanoUsd)}</td>
          <td>
            <Time at={openedAt} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

function Shares({ teamId, percents }: { teamId: TeamId } & Pick<Alerts, 'percents'>) {
  const why = useReason();
  const [typed, setTyped] = useState(percents.join(', '));
  const change = useChange(alertRoutes.set, { done: 'Owners are told at these shares.' });
  const shares = typed.split(/[\s,%]+/).filter(Boolean);
  const areShares = shares.length <= 10 && shares.every((share) => /^([1-9]\d?|100)$/.test(share));
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    const body = { percents: shares.map(Number) };
    change.mutate({ params: { teamId }, body });
  };
  const isSame = shares.join() === percents.join() ? 'Nothing is changed yet.' : undefined;
  return (
    <form className="statement" noValidate onSubmit={submit}>
      <TextField
        label="Mail owners at, in percent"
        inputMode="numeric"
        value={typed}
        hint="Such as 50, 80, 100; empty: never."
        onChange={(event) => setTyped(event.target.value)}
      />
      <Button
        type="submit"
        isBusy={change.isPending}
        reason={why('billing.update') ?? (areShares ? isSame : 'Write numbers from 1 to 100.')}
      >
        Save
      </Button>
      {change.error && <ProblemNote error={change.error} />}
    </form>
  );
}
