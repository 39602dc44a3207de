import { keyRoutes } from '@orgn/console-api';
import { useState, type SyntheticEvent } from 'react';
import { useChange } from '../api/change.ts';
import { codeOf } from '../api/fault.ts';
import { StepUpDialog } from '../session/step-up.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { notify } from '../ui/notices.tsx';
import { ProblemNote } from '../page/problem-note.tsx';
import { useTimeZone } from '../ui/time-zone.ts';
import { toBody, toChanges, toDraft, type KeyDraft } from './draft.ts';
import { draftFaults } from './faults.ts';
import type { KeyDialogProps } from './key-dialogs.tsx';
import { LimitsFields } from './limits-fields.tsx';
import { limitsAsSentence } from './limits.ts';

/** Name and limits of a key. Only lifting or loosening needs a recent sign-in, so that is asked when the server says so. */
export function EditDialog({ value, onClose }: KeyDialogProps) {
  const zone = useTimeZone();
  const [draft, setDraft] = useState(() => toDraft(value));
  const [openedAt] = useState(Date.now);
  const update = useChange(keyRoutes.update);
  const change = (part: Partial<KeyDraft>) => setDraft((before) => ({ ...before, ...part }));
  const changes = toChanges(draft, value, openedAt);
  const isSame = Object.keys(changes).length === 0;
  const submit = () =>
    update.mutate(
      { params: { teamId: value.teamId, keyId: value.id }, body: changes },
      {
        onSuccess: () => {
          notify('The key is changed, everywhere.');
          onClose();
        },
      },
    );
  const faults = draftFaults(update.error);
  const isStale = codeOf(update.error) === 'reauthentication_required';
  return (
    <Dialog title={`Edit “${value.name}”`} onClose={onClose} isAsking>
      <form
        noValidate
        onSubmit={(event: SyntheticEvent) => {
          event.preventDefault();
          submit();
        }}
      >
        <TextField
          label="Name"
          value={draft.name}
          maxLength={64}
          fault={faults.name}
          onChange={(event) => change({ name: event.target.value })}
        />
        <LimitsFields {...{ draft, change, faults }} />
        <p className="summary">{limitsAsSentence(toBody(draft, openedAt), zone)}</p>
        {update.error && !isStale && Object.keys(faults).length === 0 && <ProblemNote error={update.error} />}
        <div className="actions end">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            type="submit"
            isBusy={update.isPending}
            reason={isSame ? 'Nothing is changed yet.' : undefined}
          >
            Save
          </Button>
        </div>
      </form>
      {isStale && (
        <StepUpDialog purpose="give a key more than it may now" onClose={() => update.reset()} onDone={submit} />
      )}
    </Dialog>
  );
}
