import type { billingRoutes, ConsoleReplyOf } from '@orgn/console-api';
import { Note } from '../ui/note.tsx';
import { money } from '../ui/figures.ts';
import { lasts, roughly } from './money.ts';

type Overview = ConsoleReplyOf<typeof billingRoutes.overview>;

/** What the team has, what is set aside of it, and how long it lasts. */
export function BalanceFigures({ balance, burn }: Overview) {
  const { fundsNanoUsd, heldNanoUsd, availableNanoUsd, owedNanoUsd } = balance;
  return (
    <>
      {BigInt(owedNanoUsd) > 0n && (
        <Note kind="warning" title={`This team owes ${money(owedNanoUsd)}`}>
          <p>What is paid in next settles it first.</p>
        </Note>
      )}
      {balance.billing === 'off' && (
        <Note title="Nobody pays here">
          <p>This deployment meters usage and bills nobody: a balance is kept and not used.</p>
        </Note>
      )}
      <dl className="figures">
        <Figure name="Available" value={roughly(availableNanoUsd)} hint="what new requests can use" isMain />
        <Figure name="Held" value={roughly(heldNanoUsd)} hint="set aside for requests that run" />
        <Figure name="Total" value={roughly(fundsNanoUsd)} hint="paid in and not used" />
        <Figure
          name="Last 7 days"
          value={roughly(burn.weekNanoUsd)}
          hint={`${roughly(burn.dayNanoUsd)} in the last day`}
        />
        <Figure name="Lasts" value={lasts(burn.daysLeft)} hint="if the team goes on like this" />
      </dl>
    </>
  );
}

function Figure({
  name,
  value,
  hint,
  isMain = false,
}: {
  name: string;
  value: string;
  hint: string;
  isMain?: boolean;
}) {
  return (
    <div className={isMain ? 'figure main' : 'figure'}>
      <dt>{name}</dt>
      <dd>
        <strong>{value}</strong>
        <small>{hint}</small>
      </dd>
    </div>
  );
}
