import { auditRoutes } from '@orgn/console-api';
import type { z } from 'zod';

export type Filters = Omit<z.input<typeof auditRoutes.list.query>, 'cursor' | 'limit' | 'format'>;

const names = ['actor', 'action', 'object'] as const;

/** What the address asks for; what it says wrongly is left out. Days are UTC, from their beginning to their end. */
export function filtersOf(search: URLSearchParams): Filters {
  const given = names.flatMap((name) => {
    const value = search.get(name);
    return value !== null && auditRoutes.list.query.shape[name].safeParse(value).success ? [[name, value]] : [];
  });
  const [since, until] = [dayOf(search.get('from')), dayOf(search.get('to'))];
  return {
    ...(Object.fromEntries(given) as Filters),
    ...(since && { since: `${since}T00:00:00Z` }),
    ...(until && { until: `${until}T23:59:59.999Z` }),
  };
}

function dayOf(text: string | null): string | undefined {
  return text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined;
}

export function isFiltered(filters: Filters): boolean {
  return Object.keys(filters).length > 0;
}
