import { accountRoutes } from '@orgn/console-api';
import { useState } from 'react';
import { useChange } from '../api/change.ts';
import { ProblemNote } from '../page/problem-note.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Choice, TextField } from '../ui/field.tsx';
import { useSession } from './session.ts';
import { StepUpDialog, useIsFresh } from './step-up.tsx';

type Keys = 'suspend' | 'revoke';

/** Deletes the person's account, after saying what goes with it and asking for their address. */
export default function DeleteAccountDialog({ onClose }: { onClose: () => void }) {
  const isFresh = useIsFresh();
  const { user, teams } = useSession();
  const [keys, setKeys] = useState<Keys>('suspend');
  const [typed, setTyped] = useState('');
  const remove = useChange(accountRoutes.delete, { done: 'Your account is deleted.', isInvalidating: false });
  if (isFresh === null) return null;
  if (!isFresh) return <StepUpDialog purpose="delete your account" onClose={onClose} />;
  const name = user.email || user.name;
  const submit = () =>
    remove.mutate({ body: { confirm: true, keys } }, { onSuccess: () => window.location.assign('/') });
  return (
    <Dialog title="Delete your account?" onClose={onClose} isAsking>
      <p>
        You leave {teams.length === 1 ? 'your team' : `your ${teams.length} teams`}
        {teams.length > 0 && `: ${new Intl.ListFormat('en').format(teams.map((team) => team.name))}`}. A team in which
        you are alone ends, and its keys are revoked. Where you are the only owner, hand the team over first.
      </p>
      <Choice<Keys>
        legend="Your keys in teams that go on"
        value={keys}
        onChoose={setKeys}
        options={[
          { value: 'suspend', label: 'Stop them', hint: 'Refused until somebody of the team takes them over.' },
          { value: 'revoke', label: 'Revoke them', hint: 'Refused for good.' },
        ]}
      />
      <TextField label={`To go on, type ${name}`} value={typed} onChange={(event) => setTyped(event.target.value)} />
      {remove.error && <ProblemNote error={remove.error} />}
      <div className="actions end">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          kind="danger"
          isBusy={remove.isPending}
          reason={typed.trim() === name ? undefined : `Type ${name} first.`}
          onClick={submit}
        >
          Delete my account
        </Button>
      </div>
    </Dialog>
  );
}
