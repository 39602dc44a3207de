import { teamRoutes } from '@orgn/console-api';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useChange } from '../api/change.ts';
import { useTeam } from '../session/team.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Choice } from '../ui/field.tsx';
import { ProblemNote } from '../page/problem-note.tsx';
import { paths } from '../paths.ts';
import { LeaverKeys, useKeysOf } from './leaver-keys.tsx';
import type { MemberDialogProps } from './team-dialogs.tsx';

type Fate = 'suspend' | 'revoke';

/** Leaves the team, and says what becomes of one's own keys. */
export function LeaveDialog({ member, onClose }: MemberDialogProps) {
  const team = useTeam();
  const navigate = useNavigate();
  const [fate, setFate] = useState<Fate>('suspend');
  const keys = useKeysOf(member.id);
  const leave = useChange(teamRoutes.leave, { done: `You have left ${team.name}.` });
  const hasKeys = keys !== undefined && keys.length > 0;
  const submit = () =>
    leave.mutate(
      { params: { teamId: team.id }, body: hasKeys ? { keys: fate } : {} },
      { onSuccess: () => void navigate(paths.home(), { replace: true }) },
    );
  return (
    <Dialog title={`Leave ${team.name}?`} onClose={onClose}>
      <p>You cannot see this team any more. To come back, somebody has to invite you.</p>
      {hasKeys && <LeaverKeys keys={keys} />}
      {hasKeys && (
        <Choice<Fate>
          legend="Your keys"
          value={fate}
          onChoose={setFate}
          options={[
            {
              value: 'suspend',
              label: 'Are suspended',
              hint: 'Refused until somebody enables, and so takes over, each of them.',
            },
            { value: 'revoke', label: 'Are revoked', hint: 'Refused for good.' },
          ]}
        />
      )}
      {leave.error && <ProblemNote error={leave.error} />}
      <div className="actions end">
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="danger" isBusy={leave.isPending} onClick={submit}>
          Leave
        </Button>
      </div>
    </Dialog>
  );
}
