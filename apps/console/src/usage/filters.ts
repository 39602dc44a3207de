import { requestRoutes } from '@orgn/console-api';
import type { z } from 'zod';

export const ranges = ['24h', '7d', '30d', '90d'] as const;
export type Range = (typeof ranges)[number];

export const rangeNames: Record<Range, string> = {
  '24h': '24 hours',
  '7d': '7 days',
  '30d': '30 days',
  '90d': '90 days',
};

type Query = z.input<typeof requestRoutes.list.query>;
export type Filters = Pick<Query, 'key' | 'model' | 'member' | 'execution' | 'outcome' | 'source' | 'code'>;
const names = ['key', 'model', 'member', 'execution', 'outcome', 'source', 'code'] as const;

/** What the address asks for; what it says wrongly is left out. */
export function filtersOf(search: URLSearchParams): Filters {
  const given = names.flatMap((name) => {
    const value = search.get(name);
    return value !== null && requestRoutes.list.query.shape[name].safeParse(value).success ? [[name, value]] : [];
  });
  return Object.fromEntries(given) as Filters;
}

/** The while that the address asks for: a range, or two days (UTC), both of them whole. */
export function timeOf(search: URLSearchParams): Pick<Query, 'range' | 'from' | 'until'> {
  const [from, until] = [dayOf(search.get('from')), dayOf(search.get('to'))];
  if (from !== undefined && until !== undefined && from <= until) {
    return { from: from.toISOString(), until: new Date(until.getTime() + 86_400_000).toISOString() };
  }
  return { range: ranges.find((range) => range === search.get('range')) ?? '30d' };
}

function dayOf(text: string | null): Date | undefined {
  if (text === null || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const day = new Date(`${text}T00:00:00Z`);
  return Number.isNaN(day.getTime()) ? undefined : day;
}
