import type { ConsoleKey } from '@orgn/console-api';
import type { ComponentType } from 'react';
import { EditDialog } from './edit-dialog.tsx';
import { BrakeDialog } from './brake-dialog.tsx';
import { RevokeDialog } from './revoke-dialog.tsx';

export interface KeyDialogProps {
  value: ConsoleKey;
  onClose: () => void;
}

const dialogs: Record<string, ComponentType<KeyDialogProps>> = {
  revoke: RevokeDialog,
  edit: EditDialog,
  disable: BrakeDialog,
  enable: BrakeDialog,
};

interface KeyDialogsProps {
  keys: readonly ConsoleKey[];
  /** `revoke.key_…`, as the address says it. */
  asked: string;
  onClose: () => void;
}

/** The dialog about one key that the address asks for. */
export default function KeyDialogs({ keys, asked, onClose }: KeyDialogsProps) {
  const [what = '', id] = asked.split('.');
  const value = keys.find((key) => key.id === id);
  const Asked = Object.hasOwn(dialogs, what) ? dialogs[what] : undefined;
  if (!value || !Asked) return null;
  return <Asked value={value} onClose={onClose} />;
}
