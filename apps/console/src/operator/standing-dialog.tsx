import { operatorRoutes, type OperatorsTeamView } from '@orgn/console-api';
import { useState, type SyntheticEvent } from 'react';
import { useChange } from '../api/change.ts';
import { fieldFaults } from '../api/fault.ts';
import { ProblemNote } from '../page/problem-note.tsx';
import { StepUpDialog, useIsFresh } from '../session/step-up.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';

interface StandingDialogProps {
  team: OperatorsTeamView;
  onClose: () => void;
}

/** Stops a team, or lets it go on. */
export default function StandingDialog({ team, onClose }: StandingDialogProps) {
  const isFresh = useIsFresh();
  const Asked = team.standing === 'active' ? Suspending : Resuming;
  if (isFresh === null) return null;
  if (!isFresh) return <StepUpDialog purpose={`change how ${team.name} stands`} onClose={onClose} />;
  return <Asked team={team} onClose={onClose} />;
}

function Suspending({ team, onClose }: StandingDialogProps) {
  const [reason, setReason] = useState('');
  const suspend = useChange(operatorRoutes.suspend, {
    done: `${team.name} is suspended: none of its keys is accepted any more.`,
  });
  const fault = fieldFaults(suspend.error).reason;
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    suspend.mutate({ params: { teamId: team.id }, body: { reason: reason.trim() } }, { onSuccess: onClose });
  };
  return (
    <Dialog title={`Suspend ${team.name}?`} onClose={onClose} isAsking>
      <form noValidate onSubmit={submit}>
        <p>Every call with one of its keys is refused from then on, and streams under way are cut.</p>
        <TextField
          label="Reason"
          value={reason}
          maxLength={200}
          autoFocus
          fault={fault}
          hint="Its people read it, and it stands in their audit log with your name."
          onChange={(event) => setReason(event.target.value)}
        />
        {suspend.error && fault === undefined && <ProblemNote error={suspend.error} />}
        <div className="actions end">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="danger"
            type="submit"
            isBusy={suspend.isPending}
            reason={reason.trim() === '' ? 'Say why.' : undefined}
          >
            Suspend team
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Resuming({ team, onClose }: StandingDialogProps) {
  const resume = useChange(operatorRoutes.resume, { done: `${team.name} is resumed.` });
  const submit = () => resume.mutate({ params: { teamId: team.id } }, { onSuccess: onClose });
  return (
    <Dialog title={`Resume ${team.name}?`} onClose={onClose}>
      <p>
        Its keys are accepted again{team.suspensionReason ? `. It was suspended for: ${team.suspensionReason}` : ''}.
      </p>
      {resume.error && <ProblemNote error={resume.error} />}
      <div className="actions end">
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="primary" isBusy={resume.isPending} onClick={submit}>
          Resume team
        </Button>
      </div>
    </Dialog>
  );
}
