import { billingRoutes } from '@orgn/console-api';
import type { Payment, PaymentState } from '@orgn/contracts';
import { useChange } from '../api/change.ts';
import { ProblemNote } from '../page/problem-note.tsx';
import { useReason } from '../permission/may.ts';
import { Badge, type Tone } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { number, rowActions, Table } from '../ui/table.tsx';
import { Time } from '../ui/time.tsx';
import { money } from '../ui/figures.ts';

const states: Record<PaymentState, { tone: Tone; words: string }> = {
  open: { tone: 'accent', words: 'not paid yet' },
  pending: { tone: 'warning', words: 'on its way' },
  paid: { tone: 'good', words: 'paid' },
  failed: { tone: 'bad', words: 'failed' },
  expired: { tone: 'neutral', words: 'given up' },
};

/** Payments that were opened lately; one that nobody has paid can be gone on with, or given up. */
export function PaymentList({ payments }: { payments: readonly Payment[] }) {
  if (payments.length === 0) return null;
  return (
    <section aria-labelledby="payments">
      <h2 id="payments">Payments</h2>
      <Table label="Payments that were opened" columns={['Opened', number('Amount'), 'State', rowActions]}>
        {payments.map((payment) => (
          <PaymentRow key={payment.id} payment={payment} />
        ))}
      </Table>
    </section>
  );
}

function PaymentRow({ payment }: { payment: Payment }) {
  const { openedAt, amountNanoUsd, state, url } = payment;
  const { tone, words } = states[state];
  return (
    <tr>
      <td>
        <Time at={openedAt} />
      </td>
      <td className="number">{money(amountNanoUsd)}</td>
      <td>
        <Badge tone={tone}>{words}</Badge>
      </td>
      <td>
        <div className="row-actions">{state === 'open' && url !== null && <GoOn payment={payment} url={url} />}</div>
      </td>
    </tr>
  );
}

function GoOn({ payment: { id, teamId }, url }: { payment: Payment; url: string }) {
  const why = useReason();
  const cancel = useChange(billingRoutes.cancel, { done: 'The payment is given up.' });
  const giveUp = () => cancel.mutate({ params: { teamId, paymentId: id } });
  return (
    <>
      <a className="button plain" href={url}>
        Pay
      </a>
      <Button reason={why('billing.update')} isBusy={cancel.isPending} onClick={giveUp}>
        Give up
      </Button>
      {cancel.error && <ProblemNote error={cancel.error} />}
    </>
  );
}
