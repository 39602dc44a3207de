import { keyRoutes } from '@orgn/console-api';
import { useChange } from '../api/change.ts';
import { codeOf } from '../api/fault.ts';
import { StepUpDialog, useIsFresh } from '../session/step-up.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ProblemNote } from '../page/problem-note.tsx';
import type { KeyDialogProps } from './key-dialogs.tsx';

/** Stops a key for now, or lets it go on; which of the two says its state. */
export function BrakeDialog({ value, onClose }: KeyDialogProps) {
  const isOff = value.state === 'disabled' || value.state === 'suspended';
  return isOff ? <EnableDialog value={value} onClose={onClose} /> : <DisableDialog value={value} onClose={onClose} />;
}

function DisableDialog({ value, onClose }: KeyDialogProps) {
  const disable = useChange(keyRoutes.disable, { done: `“${value.name}” is disabled.` });
  const submit = () => disable.mutate({ params: { teamId: value.teamId, keyId: value.id } }, { onSuccess: onClose });
  return (
    <Dialog title={`Disable “${value.name}”?`} onClose={onClose}>
      <p>Every call with it is refused with 403 until somebody enables it again. Its secret stays the same.</p>
      {disable.error && <ProblemNote error={disable.error} />}
      <div className="actions end">
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="primary" isBusy={disable.isPending} onClick={submit}>
          Disable key
        </Button>
      </div>
    </Dialog>
  );
}

function EnableDialog({ value, onClose }: KeyDialogProps) {
  const isFresh = useIsFresh();
  const enable = useChange(keyRoutes.enable, { done: `“${value.name}” is accepted again.` });
  const submit = () => enable.mutate({ params: { teamId: value.teamId, keyId: value.id } }, { onSuccess: onClose });
  const isStale = isFresh === false || codeOf(enable.error) === 'reauthentication_required';
  if (isFresh === null) return null;
  if (isStale) return <StepUpDialog purpose="enable a key" onClose={onClose} />;
  return (
    <Dialog title={`Enable “${value.name}”?`} onClose={onClose}>
      <p>
        {value.state === 'suspended'
          ? 'Its owner has left the team. It will be accepted again, and be yours from then on.'
          : 'It will be accepted again, with the secret that it has.'}
      </p>
      {enable.error && <ProblemNote error={enable.error} />}
      <div className="actions end">
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="primary" isBusy={enable.isPending} onClick={submit}>
          Enable key
        </Button>
      </div>
    </Dialog>
  );
}
