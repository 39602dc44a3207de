import { keyRoutes } from '@orgn/console-api';
import { useState } from 'react';
import { useChange } from '../api/change.ts';
import { codeOf } from '../api/fault.ts';
import { StepUpDialog } from '../session/step-up.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { toChanges, toDraft, type KeyDraft } from './draft.ts';
import type { KeyDialogProps } from './key-dialogs.tsx';
import { KeyForm } from './key-form.tsx';
import { LimitsFields } from './limits-fields.tsx';

/** Name and limits of a key. Only lifting or loosening needs a recent sign-in, so that is asked when the server says so. */
export function EditDialog({ value, onClose }: KeyDialogProps) {
  const [draft, setDraft] = useState(() => toDraft(value));
  const [openedAt] = useState(Date.now);
  const update = useChange(keyRoutes.update, { done: 'The key is changed, everywhere.' });
  const change = (part: Partial<KeyDraft>) => setDraft((before) => ({ ...before, ...part }));
  const changes = toChanges(draft, value, openedAt);
  const isSame = Object.keys(changes).length === 0;
  const submit = () =>
    update.mutate({ params: { teamId: value.teamId, keyId: value.id }, body: changes }, { onSuccess: onClose });
  return (
    <Dialog title={`Edit “${value.name}”`} onClose={onClose} isAsking>
      <KeyForm
        {...{ draft, change, openedAt, error: update.error }}
        isBusy={update.isPending}
        action={{ label: 'Save', reason: isSame ? 'Nothing is changed yet.' : undefined }}
        onSubmit={submit}
        onCancel={onClose}
        limits={(faults) => <LimitsFields {...{ draft, change, faults }} />}
      />
      {codeOf(update.error) === 'reauthentication_required' && (
        <StepUpDialog purpose="give a key more than it may now" onClose={() => update.reset()} onDone={submit} />
      )}
    </Dialog>
  );
}
