import type { ConsoleReplyOf, ConsoleRoute, Given } from '@orgn/console-api';
import { queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';

/** A route that answers pages of rows. */
interface PagedReply<T> {
  data: T[];
  nextCursor: string | null;
}
type RowOf<C extends ConsoleRoute> = ConsoleReplyOf<C> extends PagedReply<infer T> ? T : never;

export interface AllRows<T> {
  rows: T[];
  /** Why the rest is missing; undefined: nothing is. */
  missing?: Error;
}

/** More than this is not fetched for a page that searches in memory. */
const MAX_PAGES = 30;

/** Every row of a paged list. What has come stays when a later page cannot be had, and the gap is said. */
export function allPagesOf<C extends ConsoleRoute>(route: C, given: Given<C> = {}) {
  return queryOptions({
    queryKey: [route.tag, route.name, given.params ?? {}, 'all'] as const,
    queryFn: ({ signal }) => fetchAll(route, { ...given, signal }),
  });
}

async function fetchAll<C extends ConsoleRoute>(route: C, given: Given<C>): Promise<AllRows<RowOf<C>>> {
  const rows: RowOf<C>[] = [];
  let cursor: string | null = null;
  for (let at = 0; at < MAX_PAGES && (at === 0 || cursor !== null); at += 1) {
    try {
      const reply: PagedReply<RowOf<C>> = await fetchPage(route, given, cursor);
      rows.push(...reply.data);
      cursor = reply.nextCursor;
    } catch (error) {
      if (at === 0 || given.signal?.aborted) throw error;
      return { rows, missing: error as Error };
    }
  }
  return { rows };
}

async function fetchPage<C extends ConsoleRoute>(route: C, given: Given<C>, cursor: string | null) {
  const query = { ...given.query, limit: 100, ...(cursor !== null && { cursor }) } as unknown as NonNullable<
    Given<C>['query']
  >;
  return (await api.call(route, { ...given, query })) as PagedReply<RowOf<C>>;
}
