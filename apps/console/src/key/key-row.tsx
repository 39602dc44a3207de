import type { ConsoleKey } from '@orgn/console-api';
import { Link } from 'react-router';
import { paths } from '../paths.ts';
import { figure } from '../ui/figures.ts';
import { Sparkline } from '../ui/sparkline.tsx';
import { Time } from '../ui/time.tsx';
import { KeyActions } from './key-actions.tsx';
import { hasEnded } from './key-state.ts';
import { KeyState } from './key-state.tsx';
import { limitsInWords } from './limits.ts';
import { lastUseParts } from './use-words.ts';

interface KeyRowProps {
  value: ConsoleKey;
  /** Requests of each of the last 30 days; undefined: not for this person, or not known. */
  days: readonly number[] | undefined;
  ask: (what: string) => void;
}

/** One key in the list. */
export function KeyRow({ value, days, ask }: KeyRowProps) {
  const address = paths.key({ teamId: value.teamId, keyId: value.id });
  return (
    <tr data-ended={hasEnded(value) || undefined}>
      <th scope="row">
        <Link to={address} className="row-name">
          {value.name}
        </Link>
        <code>{value.hint}</code>
        <span className="limits">
          <span className="narrow-only">
            <KeyState value={value} />
          </span>
          {limitsInWords(value).map((limit) => (
            <span key={limit} className="limit">
              {limit}
            </span>
          ))}
        </span>
      </th>
      <td className="aside">
        <KeyState value={value} />
        {value.expiresAt && (
          <small>
            {hasEnded(value) ? 'ended' : 'ends'} <Time at={value.revokedAt ?? value.expiresAt} />
          </small>
        )}
      </td>
      <td className="aside">
        <Time at={value.createdAt} />
        <small>{value.createdBy ? `by ${value.createdBy.name}` : 'by the operator'}</small>
      </td>
      <td className="aside">
        {value.lastUsedAt ? <Time at={value.lastUsedAt} /> : <span className="quiet">never</span>}
        {lastUseParts(value).map((part) => (
          <small key={part}>{part}</small>
        ))}
      </td>
      <td className="aside">
        <div className="days">{days ? <Days values={days} /> : <span className="quiet">–</span>}</div>
      </td>
      <td>
        <KeyActions value={value} ask={ask} />
      </td>
    </tr>
  );
}

function Days({ values }: { values: readonly number[] }) {
  const total = values.reduce((sum, value) => sum + value, 0);
  return (
    <>
      <Sparkline values={values} label={`${figure(total)} requests in 30 days, ${figure(values.at(-1) ?? 0)} today`} />
      <small>{figure(total)}</small>
    </>
  );
}
