import { keyRoutes, type ConsoleKey } from '@orgn/console-api';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useChange } from '../api/change.ts';
import { codeOf } from '../api/fault.ts';
import { queryOf } from '../api/query.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Fact } from '../ui/fact.tsx';
import { SelectField } from '../ui/field.tsx';
import { Note } from '../ui/note.tsx';
import { ProblemNote } from '../page/problem-note.tsx';
import { Time } from '../ui/time.tsx';
import type { KeyDialogProps } from './key-dialogs.tsx';
import { lastUseInWords, runningInWords } from './use-words.ts';

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
  const revoke = useChange(keyRoutes.revoke, {
    done: `“${value.name}” is revoked. No gateway accepts it any more.`,
  });
  const needsWord = codeOf(revoke.error) === 'confirmation_required';
  const submit = () =>
    revoke.mutate(
      { params: { teamId: value.teamId, keyId: value.id }, body: { reason, confirm: needsWord } },
      { onSuccess: onClose },
    );
  return (
    <Dialog title={`Revoke “${value.name}”?`} onClose={onClose}>
      <p>
        From the moment this is done, every call with it is refused with 401, and calls that are running with it are cut
        off. It cannot be undone.
      </p>
      <Consequences value={value} />
      <SelectField
        label="Why"
        options={reasons}
        value={reason}
        onChange={(event) => setReason(event.target.value as Reason)}
      />
      {needsWord && (
        <Note isAlert kind="warning" title="It was used within the last day">
          <p>Say once more that it shall end all the same.</p>
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

/** Who would notice: the last use, what runs now, and whether there is another key to go on with. */
function Consequences({ value }: { value: ConsoleKey }) {
  const { data } = useQuery(queryOf(keyRoutes.activity, { params: { teamId: value.teamId, keyId: value.id } }));
  const use = data ?? value;
  return (
    <>
      <dl className="facts">
        <Fact name="Last used">
          {use.lastUsedAt ? (
            <>
              <Time at={use.lastUsedAt} /> {lastUseInWords(use)}
            </>
          ) : (
            'never'
          )}
        </Fact>
        <Fact name="Running now">{data ? runningInWords(data.running) : '…'}</Fact>
      </dl>
      {data?.isOnlyActive && (
        <Note kind="warning" title="This is the team’s only active key">
          <p>Its callers have no other key to go on with. Rotate it instead to move them over without a refusal.</p>
        </Note>
      )}
    </>
  );
}
