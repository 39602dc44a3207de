import {
  countedBy,
  errorCodes,
  execution,
  keyId,
  longText,
  MAX_ENTRIES,
  requestId,
  requestOutcome,
  routingClaims,
  shortText,
  teamId,
  usageSource,
} from '@orgn/contracts';
import { z } from 'zod';
import { consoleRoute, page, paging } from '../route.ts';
import { person } from './person.ts';
import { timeRange } from './time-range.ts';
import { exactUsd, namedKey, usageFilters } from './usage-routes.ts';

const tokens = z.number().int();

/** What is kept of one request. Never what was said in it. */
export const consoleRequest = z.object({
  id: requestId,
  /** When it was admitted, by the database’s clock; of a refused one, when that was written down. */
  at: shortText,
  /** `refused`: it was not dispatched, so it used nothing. */
  outcome: requestOutcome,
  source: usageSource,
  /** Null: the playground. A key that is gone keeps its id. */
  key: namedKey.nullable(),
  /** Whose key it was, or who asked in the playground; null where `owner` says why. */
  member: person.nullable(),
  /** `operator`: a key of the operator’s. `unrecorded`: from before it was recorded whose key it was. */
  owner: z.enum(['member', 'operator', 'unrecorded']),
  model: shortText.nullable(),
  provider: shortText.nullable(),
  execution: execution.nullable(),
  streamed: z.boolean().nullable(),
  promptTokens: tokens,
  completionTokens: tokens,
  costUsd: exactUsd,
  durationMs: z.number().int(),
  /** Why it failed or was refused, as far as a gateway has told; kept for 14 days. */
  refusal: z
    .object({
      code: z.enum(errorCodes),
      status: z.number().int(),
      /** The member at fault, if its name is one of ours. */
      param: shortText.nullable(),
      path: shortText,
      /** When this happens, and what to do, a sentence each. */
      when: longText,
      action: longText,
    })
    .nullable(),
});
export type ConsoleRequest = z.output<typeof consoleRequest>;

/** One line of what a request was charged for. */
export const costLine = z.object({
  what: z.enum(['input', 'cachedInput', 'cacheWrite', 'output', 'reasoning', 'image', 'audioSecond', 'request']),
  count: z.number().int(),
  /** Decimal USD: for a million tokens, or for one of anything else. */
  rate: shortText,
  /** Exact decimal USD; the cost of a request is the sum of its lines, rounded once to nine places. */
  usd: shortText,
});
export type CostLine = z.output<typeof costLine>;

export const requestDetail = consoleRequest.extend({
  /** Null where nothing was dispatched. */
  usage: z
    .object({
      cachedTokens: tokens.nullable(),
      cacheWriteTokens: tokens.nullable(),
      reasoningTokens: tokens.nullable(),
      images: tokens.nullable(),
      audioSeconds: tokens.nullable(),
      searchUnits: tokens.nullable(),
      countedBy,
      /** Whose word it is: the router’s that dispatched it, or the gateway’s that relayed it. */
      witness: z.enum(['router', 'gateway']),
      claims: routingClaims.nullable(),
      recordedAt: shortText,
    })
    .nullable(),
  /** Digest of the catalogue whose prices were applied. */
  priceVersion: shortText.nullable(),
  /** Null where nothing was charged, or nobody has said what the model cost then. */
  lines: z.array(costLine).max(16).nullable(),
});
export type RequestDetail = z.output<typeof requestDetail>;

const team = z.strictObject({ teamId });
const tag = 'requests';

export const requestRoutes = {
  list: consoleRoute('listRequests', {
    method: 'GET',
    path: '/api/teams/{teamId}/requests',
    tag,
    summary:
      'A team’s requests, newest first, dispatched and refused ones; members see those under their own keys. A page may be short, or empty, while there is a next one. With `format=csv` or `ndjson`, everything that the filters match, up to 100,000.',
    params: team,
    query: z.strictObject({
      ...timeRange,
      ...usageFilters,
      outcome: requestOutcome.optional(),
      source: usageSource.optional(),
      /** What it was refused or failed with. */
      code: z.enum(errorCodes).optional(),
      ...paging,
      cursor: requestId.optional(),
      format: z.enum(['json', 'csv', 'ndjson']).optional(),
    }),
    reply: page(consoleRequest).extend({
      completeUntil: shortText.nullable(),
      /** Refusals beyond the 60 a minute of a key that are kept; the latest 100 minutes, on the first page. */
      counted: z.array(z.object({ keyId, minute: shortText, requests: z.number().int() })).max(MAX_ENTRIES),
    }),
    errors: ['not_found', 'not_permitted', 'rate_limit_exceeded'],
    access: { who: 'signed_in', action: 'requests.read' },
    limit: 'report',
  }),
  get: consoleRoute('getRequest', {
    method: 'GET',
    path: '/api/teams/{teamId}/requests/{requestId}',
    tag,
    summary: 'One request: who asked for what, how it ended, what it cost line by line, why it was refused.',
    params: z.strictObject({ teamId, requestId }),
    reply: requestDetail,
    errors: ['not_found', 'not_permitted', 'rate_limit_exceeded'],
    access: { who: 'signed_in', action: 'requests.read' },
    limit: 'report',
  }),
};
