import { keyRoutes, type ConsoleKey } from '@orgn/console-api';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { allPagesOf } from '../api/all-pages.ts';
import { paths } from '../paths.ts';
import { Time } from '../ui/time.tsx';
import { KeyState } from './key-state.tsx';

/** The secrets that have stood in one key's place, one after the other; nothing where there has been one only. */
export function Lineage({ value }: { value: ConsoleKey }) {
  const { teamId, lineageId, id } = value;
  const isRotated = value.replaces !== null || value.replacedBy !== null;
  const { data } = useQuery({ ...allPagesOf(keyRoutes.list, { params: { teamId } }), enabled: isRotated });
  const family = data?.rows.filter((key) => key.lineageId === lineageId) ?? [];
  if (family.length < 2) return null;
  return (
    <section aria-labelledby="lineage">
      <h2 id="lineage">Rotations</h2>
      <ol className="lineage">
        {family.map((key) => (
          <li key={key.id} aria-current={key.id === id || undefined}>
            <Link to={paths.key({ teamId, keyId: key.id })}>
              <code>{key.hint}</code>
            </Link>{' '}
            <KeyState value={key} />
            <small>
              made <Time at={key.createdAt} />
              {key.lastUsedAt && (
                <>
                  , last used <Time at={key.lastUsedAt} />
                </>
              )}
            </small>
          </li>
        ))}
      </ol>
    </section>
  );
}
