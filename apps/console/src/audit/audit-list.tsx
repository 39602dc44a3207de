import type { AuditView } from '@orgn/console-api';
import { Empty } from '../ui/empty.tsx';
import { Time } from '../ui/time.tsx';
import { useTimeZone } from '../ui/time-zone.ts';
import { actionInWords, actorInWords, changesOf } from './words.ts';
import './audit.css';

interface AuditListProps {
  entries: readonly AuditView[];
  /** All are about the same thing, which then needs no naming. */
  isOneObject?: boolean;
}

/** What was done, newest first, with what it changed. */
export function AuditList({ entries, isOneObject = false }: AuditListProps) {
  if (entries.length === 0) return <Empty title="Nothing was done here yet" />;
  return (
    <ol className="audit">
      {entries.map((entry) => (
        <li key={entry.id}>
          <p>
            <strong>{actorInWords(entry.actor)}</strong> {actionInWords(entry.action)}
            {!isOneObject && (
              <>
                {' '}
                <code>{entry.object.id}</code>
              </>
            )}
          </p>
          <Changes entry={entry} />
          <p className="quiet">
            <Time at={entry.at} isExact />
            {entry.client?.address && ` · from ${entry.client.address}`}
            {entry.client && ` by ${entry.client.userAgent}`}
          </p>
        </li>
      ))}
    </ol>
  );
}

function Changes({ entry }: { entry: AuditView }) {
  const zone = useTimeZone();
  const changes = changesOf(entry, zone);
  if (changes.length === 0) return null;
  return (
    <ul className="changes">
      {changes.map(({ field, before, after }) => (
        <li key={field}>
          {field}: {entry.before && <span className="was">{before}</span>} {entry.before && '→ '}
          <span>{after}</span>
        </li>
      ))}
    </ul>
  );
}
