import { keyRoutes, type ConsoleKey } from '@orgn/console-api';
import { useState } from 'react';
import { useChange } from '../api/change.ts';
import { codeOf } from '../api/fault.ts';
import { useReason } from '../permission/may.ts';
import { useSession } from '../session/session.ts';
import { StepUpDialog, useIsFresh } from '../session/step-up.tsx';
import { Button } from '../ui/button.tsx';
import { Choice, SelectField } from '../ui/field.tsx';
import { ProblemNote } from '../page/problem-note.tsx';

const graces = [
  { value: '0', label: 'Not at all: it has leaked' },
  { value: '3600', label: '1 hour' },
  { value: '86400', label: '1 day' },
  { value: '604800', label: '7 days' },
  { value: '2592000', label: '30 days' },
];

type Start = 'first_use' | 'now';

interface RotateFormProps {
  value: ConsoleKey;
  onRotated: (made: ConsoleKey & { key: string }) => void;
}

/** How long the old secret stays, and from when that counts. */
export function RotateForm({ value, onRotated }: RotateFormProps) {
  const [grace, setGrace] = useState('86400');
  const [activate, setActivate] = useState<Start>('first_use');
  const { user } = useSession();
  const reason = useReason()('keys.rotate', value.owner?.id === user.id);
  const isFresh = useIsFresh();
  const [isAsked, setAsked] = useState(false);
  const rotate = useChange(keyRoutes.rotate, { done: 'There is a new secret.', isSeen: true, isInvalidating: false });
  const isStale = (isAsked && isFresh === false) || codeOf(rotate.error) === 'reauthentication_required';
  const submit = () => {
    if (isFresh === false) {
      setAsked(true);
      return;
    }
    rotate.mutate(
      { params: { teamId: value.teamId, keyId: value.id }, body: { graceSeconds: Number(grace), activate } },
      {
        onSuccess: (made) => {
          rotate.reset();
          onRotated(made);
        },
      },
    );
  };
  return (
    <section className="panel rotate-form">
      <SelectField
        label="The old secret stays good for"
        options={graces}
        value={grace}
        onChange={(event) => setGrace(event.target.value)}
      />
      {grace !== '0' && (
        <Choice<Start>
          legend="Counted from"
          value={activate}
          onChoose={setActivate}
          options={[
            {
              value: 'first_use',
              label: 'The first use of the new secret',
              hint: 'Nothing ends before the first caller has moved.',
            },
            { value: 'now', label: 'Now', hint: 'The old secret ends at a time that is known today.' },
          ]}
        />
      )}
      <p className="quiet">
        Name, limits and expiry go over to the new key. Its id changes; both are in the audit log.
      </p>
      {rotate.error && !isStale && <ProblemNote error={rotate.error} />}
      <div className="actions">
        <Button kind="primary" reason={reason} isBusy={rotate.isPending} onClick={submit}>
          Rotate now
        </Button>
      </div>
      {isStale && (
        <StepUpDialog
          purpose="rotate a key"
          onClose={() => {
            setAsked(false);
            rotate.reset();
          }}
        />
      )}
    </section>
  );
}
