import type { Member } from '@orgn/console-api';
import type { ComponentType } from 'react';
import { InviteDialog } from './invite-dialog.tsx';
import { LeaveDialog } from './leave-dialog.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { RoleDialog } from './role-dialog.tsx';

export interface MemberDialogProps {
  member: Member;
  onClose: () => void;
}

const dialogs: Record<string, ComponentType<MemberDialogProps>> = {
  role: RoleDialog,
  remove: RemoveDialog,
  leave: LeaveDialog,
};

interface TeamDialogsProps {
  members: readonly Member[];
  /** `invite`, or `remove.user_…`, as the address says it. */
  asked: string;
  onClose: () => void;
}

/** The dialog that the address asks for. */
export default function TeamDialogs({ members, asked, onClose }: TeamDialogsProps) {
  if (asked === 'invite') return <InviteDialog onClose={onClose} />;
  const [what = '', id] = asked.split('.');
  const member = members.find((one) => one.id === id);
  const Asked = Object.hasOwn(dialogs, what) ? dialogs[what] : undefined;
  return member && Asked ? <Asked member={member} onClose={onClose} /> : null;
}
