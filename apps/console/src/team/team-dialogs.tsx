import { mayDo, type Member, type TeamAction } from '@orgn/console-api';
import type { ComponentType } from 'react';
import { useTeam } from '../session/team.ts';
import { InviteDialog } from './invite-dialog.tsx';
import { LeaveDialog } from './leave-dialog.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { RoleDialog } from './role-dialog.tsx';

export interface MemberDialogProps {
  member: Member;
  onClose: () => void;
}

const dialogs: Record<string, { Asked: ComponentType<MemberDialogProps>; action: TeamAction }> = {
  role: { Asked: RoleDialog, action: 'members.update' },
  remove: { Asked: RemoveDialog, action: 'members.remove' },
  leave: { Asked: LeaveDialog, action: 'team.leave' },
};

interface TeamDialogsProps {
  members: readonly Member[];
  /** `invite`, or `remove.user_…`, as the address says it. */
  asked: string;
  onClose: () => void;
}

/** The dialog that the address asks for, unless it is about something that this person may not do. */
export default function TeamDialogs({ members, asked, onClose }: TeamDialogsProps) {
  const { role } = useTeam();
  const may = (action: TeamAction) => mayDo(role, action, true);
  if (asked === 'invite') return may('invitations.create') ? <InviteDialog onClose={onClose} /> : null;
  const [what = '', id] = asked.split('.');
  const member = members.find((one) => one.id === id);
  const dialog = Object.hasOwn(dialogs, what) ? dialogs[what] : undefined;
  return member && dialog && may(dialog.action) ? <dialog.Asked member={member} onClose={onClose} /> : null;
}
