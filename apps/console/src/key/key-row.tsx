import type { ConsoleKey } from '@orgn/console-api';
import { Link } from 'react-router';
import { useReason } from '../permission/may.ts';
import { paths } from '../paths.ts';
import { useSession } from '../session/session.ts';
import { Menu } from '../ui/menu.tsx';
import { Button } from '../ui/button.tsx';
import { Time } from '../ui/time.tsx';
import { hasEnded } from './key-state.ts';
import { KeyState } from './key-state.tsx';
import { limitsInWords } from './limits.ts';
import { lastUseInWords } from './use-words.ts';
import { useNavigate } from 'react-router';

/** One key in the list. */
export function KeyRow({ value, ask }: { value: ConsoleKey; ask: (what: string) => void }) {
  const address = paths.key({ teamId: value.teamId, keyId: value.id });
  const limits = limitsInWords(value);
  return (
    <tr data-ended={hasEnded(value) || undefined}>
      <th scope="row">
        <Link to={address} className="row-name">
          {value.name}
        </Link>
        <code>{value.hint}</code>
      </th>
      <td>
        <KeyState value={value} />
      </td>
      <td>
        <Time at={value.createdAt} />
        <small>{value.createdBy ? `by ${value.createdBy.name}` : 'by the operator'}</small>
      </td>
      <td>
        {value.lastUsedAt ? <Time at={value.lastUsedAt} /> : <span className="quiet">never</span>}
        <small>{lastUseInWords(value)}</small>
      </td>
      <td>{value.expiresAt ? <Time at={value.expiresAt} /> : <span className="quiet">never</span>}</td>
      <td>
        {limits.length === 0 ? (
          <span className="quiet">none</span>
        ) : (
          limits.map((limit) => (
            <span key={limit} className="limit">
              {limit}
            </span>
          ))
        )}
      </td>
      <td>
        <KeyActions value={value} ask={ask} />
      </td>
    </tr>
  );
}

/** What can be done with a key that has not ended; what this person may not do says why. */
export function KeyActions({ value, ask }: { value: ConsoleKey; ask: (what: string) => void }) {
  const navigate = useNavigate();
  const { user } = useSession();
  const why = useReason();
  if (hasEnded(value)) return null;
  const isOwn = value.owner?.id === user.id;
  const { id, teamId, name, state } = value;
  const rotateReason =
    why('keys.rotate', isOwn) ??
    (state === 'active' || state === 'rotating' ? undefined : 'Only an active key can be rotated.');
  const brake =
    state === 'disabled' || state === 'suspended'
      ? {
          label: 'Enable',
          onSelect: () => ask(`enable.${id}`),
          reason: why('keys.enable', isOwn || state === 'suspended'),
        }
      : { label: 'Disable', onSelect: () => ask(`disable.${id}`), reason: why('keys.disable', isOwn) };
  return (
    <div className="row-actions">
      <Button
        kind="quiet"
        aria-label={`Rotate ${name}`}
        reason={rotateReason}
        onClick={() => void navigate(paths.rotation({ teamId, keyId: id }))}
      >
        Rotate
      </Button>
      <Button
        kind="quiet"
        className="danger-text"
        aria-label={`Revoke ${name}`}
        reason={why('keys.revoke', isOwn)}
        onClick={() => ask(`revoke.${id}`)}
      >
        Revoke
      </Button>
      <Menu
        label={`More for ${name}`}
        items={[{ label: 'Edit', onSelect: () => ask(`edit.${id}`), reason: why('keys.update', isOwn) }, brake]}
      />
    </div>
  );
}
