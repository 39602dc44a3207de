import { keyRoutes, type ConsoleKey } from '@orgn/console-api';
import { useQuery } from '@tanstack/react-query';
import { allPagesOf } from '../api/all-pages.ts';
import { useTeam } from '../session/team.ts';
import { Time } from '../ui/time.tsx';

const over: readonly ConsoleKey['state'][] = ['revoked', 'expired'];

/** Keys that somebody owns and that have not ended; undefined: not known yet. */
export function useKeysOf(userId: string): ConsoleKey[] | undefined {
  const { id: teamId } = useTeam();
  const { data } = useQuery(allPagesOf(keyRoutes.list, { params: { teamId } }));
  return data?.rows.filter(({ owner, state }) => owner?.id === userId && !over.includes(state));
}

/** What would be left behind: each key, and when it was last used. */
export function LeaverKeys({ keys }: { keys: readonly ConsoleKey[] }) {
  return (
    <ul className="leaver-keys">
      {keys.map(({ id, name, hint, lastUsedAt }) => (
        <li key={id}>
          <strong>{name}</strong> <code>{hint}</code>{' '}
          <span className="quiet">
            {lastUsedAt ? (
              <>
                last used <Time at={lastUsedAt} />
              </>
            ) : (
              'never used'
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
