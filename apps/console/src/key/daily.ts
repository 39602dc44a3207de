import { mayDo, usageRoutes, type ConsoleKey } from '@orgn/console-api';
import { useQueries } from '@tanstack/react-query';
import { queryOf } from '../api/query.ts';
import { useTeam } from '../session/team.ts';

/** Keys that one question may name. */
const AT_ONCE = 100;
/** Rows beyond are not asked about: nobody looks at so many at a time. */
const MOST = 500;

export type Daily = ReadonlyMap<string, readonly number[]>;

/** Requests of the last 30 days of keys, a figure a day; undefined: this role may not see any. */
export function useDaily(keys: readonly Pick<ConsoleKey, 'id'>[]): Daily | undefined {
  const { id: teamId, role } = useTeam();
  const isTold = mayDo(role, 'usage.read', true);
  const ids = isTold ? keys.slice(0, MOST).map(({ id }) => id) : [];
  const chunks = Array.from({ length: Math.ceil(ids.length / AT_ONCE) }, (_, at) =>
    ids.slice(at * AT_ONCE, (at + 1) * AT_ONCE),
  );
  return useQueries({
    queries: chunks.map((chunk) => ({
      ...queryOf(usageRoutes.keys, { params: { teamId }, query: { keys: chunk.join(',') } }),
      staleTime: 60_000,
    })),
    combine: (answers): Daily | undefined =>
      isTold
        ? new Map(
            answers.flatMap(({ data }) => data?.data.map(({ keyId, requests }) => [keyId, requests] as const) ?? []),
          )
        : undefined,
  });
}
