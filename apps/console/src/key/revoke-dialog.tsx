import { keyRoutes } from '@orgn/console-api';
import { useState } from 'react';
import { useChange } from '../api/change.ts';
import { codeOf } from '../api/fault.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { SelectField } from '../ui/field.tsx';
import { Note } from '../ui/note.tsx';
import { notify } from '../ui/notices.tsx';
import { ProblemNote } from '../page/problem-note.tsx';
import { Time } from '../ui/time.tsx';
import type { KeyDialogProps } from './key-dialogs.tsx';

type Reason = 'unused' | 'leaked' | 'rotated' | 'other';

const reasons = [
  { value: 'other', label: 'No particular reason' },
  { value: 'unused', label: 'It is not used any more' },
  { value: 'leaked', label: 'Its secret has leaked' },
  { value: 'rotated', label: 'Another key has replaced it' },
];

/** Ends a key, after saying what that ends. */
export function RevokeDialog({ value, onClose }: KeyDialogProps) {
  const [reason, setReason] = useState<Reason>('other');
  const revoke = useChange(keyRoutes.revoke);
  const needsWord = codeOf(revoke.error) === 'confirmation_required';
  const submit = () =>
    revoke.mutate(
      { params: { teamId: value.teamId, keyId: value.id }, body: { reason, confirm: needsWord } },
      {
        onSuccess: () => {
          notify(`“${value.name}” is revoked. No gateway accepts it any more.`);
          onClose();
        },
      },
    );
  return (
    <Dialog title={`Revoke “${value.name}”?`} onClose={onClose}>
      <p>
        From the moment this is done, every call with it is refused with 401, and calls that are running with it are cut
        off. It cannot be undone.
      </p>
      <p>
        {value.lastUsedAt ? (
          <>
            It was last used{' '}
            <strong>
              <Time at={value.lastUsedAt} />
            </strong>
            .
          </>
        ) : (
          'It was never used.'
        )}
      </p>
      <SelectField
        label="Why"
        options={reasons}
        value={reason}
        onChange={(event) => setReason(event.target.value as Reason)}
      />
      {needsWord && (
        <Note kind="warning" title="This is the team’s only active key, and it is in use">
          <p>Its callers have no other key to go on with. Rotate it instead to move them over without a refusal.</p>
        </Note>
      )}
      {revoke.error && !needsWord && <ProblemNote error={revoke.error} />}
      <div className="actions end">
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="danger" isBusy={revoke.isPending} onClick={submit}>
          {needsWord ? 'Revoke it all the same' : 'Revoke key'}
        </Button>
      </div>
    </Dialog>
  );
}
