import { memberRoutes } from '@orgn/console-api';
import type { Role } from '@orgn/contracts';
import { useState } from 'react';
import { useChange } from '../api/change.ts';
import { codeOf } from '../api/fault.ts';
import { StepUpDialog, useIsFresh } from '../session/step-up.tsx';
import { useTeam } from '../session/team.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ProblemNote } from '../page/problem-note.tsx';
import { RoleField } from './role-field.tsx';
import type { MemberDialogProps } from './team-dialogs.tsx';

/** Gives a member another role. */
export function RoleDialog({ member, onClose }: MemberDialogProps) {
  const isFresh = useIsFresh();
  const team = useTeam();
  const [role, setRole] = useState<Role>(member.role);
  const update = useChange(memberRoutes.update, { done: `${member.name} has the role ${role} now.` });
  const roles: Role[] = team.role === 'owner' ? ['owner', 'admin', 'member', 'viewer'] : ['admin', 'member', 'viewer'];
  const submit = () =>
    update.mutate({ params: { teamId: team.id, userId: member.id }, body: { role } }, { onSuccess: onClose });
  if (isFresh === null) return null;
  if (!isFresh) return <StepUpDialog purpose="change a role" onClose={onClose} />;
  const isStale = codeOf(update.error) === 'reauthentication_required';
  return (
    <Dialog title={`Role of ${member.name}`} onClose={onClose}>
      <RoleField value={role} roles={roles} onChoose={setRole} />
      {update.error && !isStale && <ProblemNote error={update.error} />}
      <div className="actions end">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          kind="primary"
          isBusy={update.isPending}
          reason={role === member.role ? 'This is their role already.' : undefined}
          onClick={submit}
        >
          Change role
        </Button>
      </div>
      {isStale && <StepUpDialog purpose="change a role" onClose={() => update.reset()} onDone={submit} />}
    </Dialog>
  );
}
