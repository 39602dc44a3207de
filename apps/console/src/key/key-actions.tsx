import type { ConsoleKey } from '@orgn/console-api';
import { useNavigate } from 'react-router';
import { paths } from '../paths.ts';
import { useReason } from '../permission/may.ts';
import { useSession } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { Menu, type MenuItem } from '../ui/menu.tsx';
import { hasEnded } from './key-state.ts';

/** What can be done with a key that has not ended; what this person may not do says why. */
export function KeyActions({ value, ask }: { value: ConsoleKey; ask: (what: string) => void }) {
  const navigate = useNavigate();
  const { user } = useSession();
  const why = useReason();
  if (hasEnded(value)) return null;
  const isOwn = value.owner?.id === user.id;
  const { id, teamId, name, state } = value;
  const isRotatable = state === 'active' || state === 'rotating';
  const isStopped = state === 'disabled' || state === 'suspended';
  const rotate = {
    label: 'Rotate',
    onSelect: () => void navigate(paths.rotation({ teamId, keyId: id })),
    reason: why('keys.rotate', isOwn) ?? reasonUnless(isRotatable, 'Only an active key can be rotated.'),
  };
  const revoke = { label: 'Revoke', onSelect: () => ask(`revoke.${id}`), reason: why('keys.revoke', isOwn) };
  const brake: MenuItem = isStopped
    ? {
        label: 'Enable',
        onSelect: () => ask(`enable.${id}`),
        reason: why('keys.enable', isOwn || state === 'suspended'),
      }
    : { label: 'Disable', onSelect: () => ask(`disable.${id}`), reason: why('keys.disable', isOwn) };
  const attempt = {
    label: 'Try in the Playground',
    onSelect: () => void navigate(paths.playground({ teamId }, { key: id })),
    reason: why('playground.use') ?? reasonUnless(isOwn, 'Only its owner may try it there.'),
  };
  const edit = { label: 'Edit', onSelect: () => ask(`edit.${id}`), reason: why('keys.update', isOwn) };
  return (
    <div className="row-actions">
      <span className="wide-only">
        <Button kind="quiet" aria-label={`Rotate ${name}`} reason={rotate.reason} onClick={rotate.onSelect}>
          Rotate
        </Button>
        <Button
          kind="quiet"
          className="danger-text"
          aria-label={`Revoke ${name}`}
          reason={revoke.reason}
          onClick={revoke.onSelect}
        >
          Revoke
        </Button>
      </span>
      <Menu label={`More for ${name}`} items={[attempt, rotate, edit, brake, { ...revoke, isDanger: true }]} />
    </div>
  );
}

function reasonUnless(isFine: boolean, reason: string): string | undefined {
  return isFine ? undefined : reason;
}
