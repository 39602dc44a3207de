import type { ConsoleReplyOf, ConsoleRoute, Given } from '@orgn/console-api';
import { useInfiniteQuery } from '@tanstack/react-query';
import { api } from './client.ts';

/** Where the next page of a paged route begins; null at the end. */
interface Paged {
  nextCursor: string | null;
}

/** A paged list, one page after the other as they are wanted. What has come stays when the next one cannot be had. */
export function usePagesOf<C extends ConsoleRoute>(route: C, given: Given<C>) {
  return useInfiniteQuery({
    queryKey: [route.tag, route.name, given.params ?? {}, given.query ?? {}, 'pages'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const query = { ...given.query, ...(pageParam !== undefined && { cursor: pageParam }) };
      return api.call(route, { ...given, query, signal } as Given<C>) as Promise<ConsoleReplyOf<C> & Paged>;
    },
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
}
