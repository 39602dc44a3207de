import type { ConsoleReplyOf, ConsoleRoute, Given } from '@orgn/console-api';
import { queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';

/** The query of a route: named by its tag, its name and what it is given, so that a change knows what it makes old. */
export function queryOf<C extends ConsoleRoute>(route: C, given: Given<C> = {}) {
  return queryOptions({
    queryKey: [route.tag, route.name, given.params ?? {}, given.query ?? {}] as const,
    queryFn: ({ signal }): Promise<ConsoleReplyOf<C>> => api.call(route, { ...given, signal }),
  });
}
