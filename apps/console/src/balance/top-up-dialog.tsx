import { billingRoutes } from '@orgn/console-api';
import type { TopUpTerms } from '@orgn/contracts';
import { useState, type SyntheticEvent } from 'react';
import { useChange } from '../api/change.ts';
import { fieldFaults } from '../api/fault.ts';
import { ProblemNote } from '../page/problem-note.tsx';
import { StepUpDialog, useIsFresh } from '../session/step-up.tsx';
import { useTeam } from '../session/team.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { goTo } from './leave.ts';

interface TopUpProps {
  terms: NonNullable<TopUpTerms>;
  onClose: () => void;
}

/** Asks how much, and goes where it is paid. */
export default function TopUpDialog({ terms: { minUsd, maxUsd }, onClose }: TopUpProps) {
  const isFresh = useIsFresh();
  const { id: teamId } = useTeam();
  const [amount, setAmount] = useState('25');
  const pay = useChange(billingRoutes.pay, { done: 'On to Stripe.', isSeen: true });
  if (isFresh === null) return null;
  if (!isFresh) return <StepUpDialog purpose="pay in" onClose={onClose} />;
  const fault = fieldFaults(pay.error).amount ?? fieldFaults(pay.error).amountUsd;
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    pay.mutate({ params: { teamId }, body: { amountUsd: amount.trim() } }, { onSuccess: ({ url }) => goTo(url) });
  };
  return (
    <Dialog title="Top up the balance" onClose={onClose} isAsking>
      <form noValidate onSubmit={submit}>
        <TextField
          label="Amount in USD"
          inputMode="decimal"
          value={amount}
          autoFocus
          fault={fault}
          hint={`From ${minUsd} to ${maxUsd}, in whole cents.`}
          onChange={(event) => setAmount(event.target.value)}
        />
        <p>
          You pay at Stripe and come back here. The balance moves when Stripe says that it was paid: with a card, at
          once.
        </p>
        {pay.error && fault === undefined && <ProblemNote error={pay.error} />}
        <div className="actions end">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            type="submit"
            isBusy={pay.isPending}
            reason={/^\d+([.]\d{1,2})?$/.test(amount.trim()) ? undefined : 'Write an amount such as 25 or 25.50.'}
          >
            Continue to payment
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
