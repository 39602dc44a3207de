import { budgetRoutes, type MonthlyStanding } from '@orgn/console-api';
import type { TeamId, UserId } from '@orgn/contracts';
import { useState, type SyntheticEvent } from 'react';
import { useChange } from '../api/change.ts';
import { fieldFaults } from '../api/fault.ts';
import { ProblemNote } from '../page/problem-note.tsx';
import { StepUpDialog, useIsFresh } from '../session/step-up.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Checkbox, TextField } from '../ui/field.tsx';

/** Whose budget it is, and how it stands. */
export interface Budgeted {
  who: string;
  /** Null: the team itself. */
  memberId: string | null;
  standing: MonthlyStanding;
}

interface BudgetDialogProps {
  teamId: TeamId;
  budgeted: Budgeted;
  onClose: () => void;
}

/** Sets, changes or lifts what somebody may spend in a month, after a recent sign-in. */
export default function BudgetDialog(props: BudgetDialogProps) {
  const isFresh = useIsFresh();
  if (isFresh === null) return null;
  if (!isFresh) return <StepUpDialog purpose="change a budget" onClose={props.onClose} />;
  return <BudgetForm {...props} />;
}

const done = (_: unknown, { body }: { body?: { budget: object | null } }) =>
  body?.budget === null ? 'The budget is lifted.' : 'The budget is set, everywhere.';

function BudgetForm({ teamId, budgeted: { who, memberId, standing }, onClose }: BudgetDialogProps) {
  const [limit, setLimit] = useState(standing.limit ?? '');
  const [isSoft, setSoft] = useState(standing.isSoft);
  const ofTeam = useChange(budgetRoutes.setTeam, { done });
  const ofMember = useChange(budgetRoutes.setMember, { done });
  const change = memberId === null ? ofTeam : ofMember;
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    const body = { budget: limit.trim() === '' ? null : { limit: limit.trim(), isSoft } };
    const then = { onSuccess: onClose };
    if (memberId === null) ofTeam.mutate({ params: { teamId }, body }, then);
    else ofMember.mutate({ params: { teamId, userId: memberId as UserId }, body }, then);
  };
  const fault = fieldFaults(change.error)['budget.limit'];
  return (
    <Dialog title={`Monthly budget: ${who}`} onClose={onClose} isAsking>
      <form noValidate onSubmit={submit}>
        <TextField
          label="USD a month"
          inputMode="decimal"
          value={limit}
          autoFocus
          fault={fault}
          hint="Empty lifts it. Requests that come from then on go by it."
          onChange={(event) => setLimit(event.target.value)}
        />
        <Checkbox
          label="Only warn"
          hint="What goes beyond it is answered all the same."
          checked={isSoft}
          onChange={(event) => setSoft(event.target.checked)}
        />
        {change.error && fault === undefined && <ProblemNote error={change.error} />}
        <div className="actions end">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            type="submit"
            isBusy={change.isPending}
            reason={/^(\d+([.]\d{1,9})?)?$/.test(limit.trim()) ? undefined : 'Write an amount such as 25 or 0.50.'}
          >
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
