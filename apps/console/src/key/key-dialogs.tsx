import { mayDo, type ConsoleKey, type TeamAction } from '@orgn/console-api';
import type { ComponentType } from 'react';
import { useSession } from '../session/session.ts';
import { useTeam } from '../session/team.ts';
import { EditDialog } from './edit-dialog.tsx';
import { BrakeDialog } from './brake-dialog.tsx';
import { RevokeDialog } from './revoke-dialog.tsx';

export interface KeyDialogProps {
  value: ConsoleKey;
  onClose: () => void;
}

const dialogs: Record<string, { Asked: ComponentType<KeyDialogProps>; action: TeamAction }> = {
  revoke: { Asked: RevokeDialog, action: 'keys.revoke' },
  edit: { Asked: EditDialog, action: 'keys.update' },
  disable: { Asked: BrakeDialog, action: 'keys.disable' },
  enable: { Asked: BrakeDialog, action: 'keys.enable' },
};

interface KeyDialogsProps {
  keys: readonly ConsoleKey[];
  /** `revoke.key_…`, as the address says it. */
  asked: string;
  onClose: () => void;
}

/** The dialog about one key that the address asks for, unless it is about something that this person may not do. */
export default function KeyDialogs({ keys, asked, onClose }: KeyDialogsProps) {
  const [what = '', id] = asked.split('.');
  const value = keys.find((key) => key.id === id);
  const { role } = useTeam();
  const { user } = useSession();
  const dialog = Object.hasOwn(dialogs, what) ? dialogs[what] : undefined;
  if (!value || !dialog) return null;
  const isOwn = value.owner?.id === user.id || value.state === 'suspended';
  return mayDo(role, dialog.action, isOwn) ? <dialog.Asked value={value} onClose={onClose} /> : null;
}
