import { execution, keyId, MAX_ENTRIES, model, shortText, teamId, usageDimension, userId } from '@orgn/contracts';
import { z } from 'zod';
import { consoleRoute } from '../route.ts';
import { person } from './person.ts';
import { timeRange } from './time-range.ts';

/** Decimal USD with nine places: exact. */
export const exactUsd = z.string().regex(/^-?\d{1,12}\.\d{9}$/);

/** What requests came to. What was withheld is counted and costs nothing. */
export const shownSums = z.object({
  requests: z.number().int(),
  failed: z.number().int(),
  cancelled: z.number().int(),
  withheld: z.number().int(),
  promptTokens: z.number().int(),
  completionTokens: z.number().int(),
  costUsd: exactUsd,
});
export type ShownSums = z.output<typeof shownSums>;

/** A key as far as it names requests. */
export const namedKey = z.object({ id: keyId, name: shortText, hint: shortText });

/**
 * One value that usage is told apart by. `name` is what to filter by: a model, a key’s id or `playground`, a person’s id,
 * `operator` (keys of the operator’s) or `unrecorded` (requests from before it was recorded whose key it was), a class.
 */
export const usageGroup = z.object({
  name: shortText,
  /** For people. */
  label: shortText,
  key: namedKey.nullable(),
  member: person.nullable(),
  sums: shownSums,
});
export type UsageGroup = z.output<typeof usageGroup>;

/** What usage and requests are filtered by. */
export const usageFilters = {
  key: z.union([keyId, z.literal('playground')]).optional(),
  model: model.shape.id.optional(),
  member: z.union([userId, z.enum(['operator', 'unrecorded'])]).optional(),
  execution: execution.optional(),
};

const moment = shortText;
const team = z.strictObject({ teamId });
const tag = 'usage';

export const usageRoutes = {
  report: consoleRoute('getUsage', {
    method: 'GET',
    path: '/api/teams/{teamId}/usage',
    tag,
    summary:
      'What a team used in a while, by model, key, member or execution, beside as long a time before. By hour up to 8 days, by day (UTC) up to 400. Members see what their own keys used.',
    params: team,
    query: z.strictObject({ ...timeRange, by: usageDimension.default('model'), ...usageFilters }),
    reply: z.object({
      /** Whole hours or days (UTC) around what was asked for. */
      from: moment,
      until: moment,
      unit: z.enum(['hour', 'day']),
      /** Every request that ended before is in the sums; null: not known at the moment. */
      completeUntil: moment.nullable(),
      total: shownSums,
      before: shownSums,
      /** The dearest first, 200 at most. */
      groups: z.array(usageGroup).max(200),
      /** Units of time without requests are left out. `name` null: the groups beyond the dearest eight. */
      series: z.array(z.object({ at: moment, name: shortText.nullable(), sums: shownSums })).max(MAX_ENTRIES),
    }),
    errors: ['not_found', 'not_permitted', 'rate_limit_exceeded'],
    access: { who: 'signed_in', action: 'usage.read' },
    limit: 'report',
  }),
  keys: consoleRoute('getKeyUsage', {
    method: 'GET',
    path: '/api/teams/{teamId}/usage/keys',
    tag,
    summary:
      'How many requests came in under keys on each of the last days (UTC), today last. `keys`: up to 100 ids, separated by commas; absent: the newest 100. Keys that the caller may not see the usage of are left out.',
    params: team,
    query: z.strictObject({
      days: z.coerce.number().int().min(1).max(90).default(30),
      keys: z
        .string()
        .max(4_000)
        .regex(/^key_[0-9a-f]{32}(,key_[0-9a-f]{32}){0,99}$/, 'must be up to 100 ids of keys, separated by commas')
        .optional(),
    }),
    reply: z.object({ data: z.array(z.object({ keyId, requests: z.array(z.number().int()).max(90) })).max(100) }),
    errors: ['not_found', 'not_permitted', 'rate_limit_exceeded'],
    access: { who: 'signed_in', action: 'usage.read' },
    limit: 'report',
  }),
};
