import { memberRoutes } from '@orgn/console-api';
import type { KeysOfLeaver } from '@orgn/contracts';
import { useState } from 'react';
import { useChange } from '../api/change.ts';
import { useTeam } from '../session/team.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Choice } from '../ui/field.tsx';
import { ProblemNote } from '../page/problem-note.tsx';
import { LeaverKeys, useKeysOf } from './leaver-keys.tsx';
import type { MemberDialogProps } from './team-dialogs.tsx';

/** Removes somebody, and says what becomes of their keys. */
export function RemoveDialog({ member, onClose }: MemberDialogProps) {
  const { id: teamId } = useTeam();
  const [fate, setFate] = useState<KeysOfLeaver>('adopt');
  const keys = useKeysOf(member.id);
  const remove = useChange(memberRoutes.remove, { done: `${member.name} is not in the team any more.` });
  const hasKeys = keys === undefined || keys.length > 0;
  const submit = () =>
    remove.mutate(
      { params: { teamId, userId: member.id }, ...(hasKeys && { query: { keys: fate } }) },
      { onSuccess: onClose },
    );
  return (
    <Dialog title={`Remove ${member.name}?`} onClose={onClose}>
      <p>They are signed out at once and cannot see this team any more.</p>
      {keys && keys.length > 0 && <LeaverKeys keys={keys} />}
      {hasKeys && (
        <Choice<KeysOfLeaver>
          legend="Their keys"
          value={fate}
          onChoose={setFate}
          options={[
            { value: 'adopt', label: 'Become mine', hint: 'Callers go on without noticing.' },
            {
              value: 'suspend',
              label: 'Are suspended',
              hint: 'Refused until somebody enables, and so takes over, each of them.',
            },
            { value: 'revoke', label: 'Are revoked', hint: 'Refused for good.' },
          ]}
        />
      )}
      {remove.error && <ProblemNote error={remove.error} />}
      <div className="actions end">
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="danger" isBusy={remove.isPending} onClick={submit}>
          Remove
        </Button>
      </div>
    </Dialog>
  );
}
