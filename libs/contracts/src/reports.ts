import { z } from 'zod';
import { MAX_ENTRIES, shortText } from './bounds.ts';
import { request } from './contract.ts';
import { errorCodes } from './errors/errors.ts';
import { keyId, requestId, teamId, userId } from './ids.ts';
import { execution, price } from './models.ts';
import { usageOutcome, usageRow, usageSource } from './usage.ts';

const count = z.number().int();
const moment = z.iso.datetime({ offset: true }).max(64);

/** What requests came to. Every dispatched request counts, whatever its outcome; what was withheld costs nothing. */
export const usageSums = z.object({
  requests: count,
  /** Of the requests: failed, left by their callers, withheld for want of metering. */
  failed: count,
  cancelled: count,
  withheld: count,
  promptTokens: count,
  completionTokens: count,
  costNanoUsd: count,
});
export type UsageSums = z.output<typeof usageSums>;

/**
 * By what usage is told apart. A member is a person’s id, `operator` for keys of the operator’s, or `unrecorded` for rows of
 * releases that did not record whose key it was; a key is a key’s id, or `playground`.
 */
export const usageDimension = z.enum(['model', 'key', 'member', 'execution']);
export type UsageDimension = z.output<typeof usageDimension>;

/** Which usage is meant; null: all of it. */
const narrowing = z.object({
  key: shortText.nullable().default(null),
  model: shortText.nullable().default(null),
  member: shortText.nullable().default(null),
  execution: execution.nullable().default(null),
});
export type UsageNarrowing = z.output<typeof narrowing>;

/**
 * What a team, or everybody, used in a while, from sums that are kept by the hour and by the day (UTC): `from` and `until`
 * are widened to whole ones. By hour eight days at most, by day 400.
 */
export const reportUsage = request('usage.report', {
  askedBy: ['auth'],
  answeredBy: ['usage-metering'],
  request: narrowing.extend({
    teamId: teamId.nullable(),
    from: moment,
    until: moment,
    unit: z.enum(['hour', 'day']),
    by: usageDimension,
  }),
  reply: z.object({
    from: moment,
    until: moment,
    /** Every request that ended before is in the sums. Null: not known at the moment. */
    completeUntil: moment.nullable(),
    total: usageSums,
    /** The same for as long a time before. */
    before: usageSums,
    /** The dearest first, 200 at most. */
    groups: z.array(z.object({ name: shortText, sums: usageSums })).max(200),
    /** Sums of a unit of time, oldest first; units without any request are left out. Null: all that are not among the dearest eight. */
    series: z.array(z.object({ at: moment, name: shortText.nullable(), sums: usageSums })).max(MAX_ENTRIES),
  }),
  errors: ['invalid_request'],
  timeoutMs: 10_000,
});

/** What all teams together used in a while, as `reportUsage` tells it, by team: groups are teams’ ids. */
export const reportTeams = request('usage.teams', {
  askedBy: ['auth'],
  answeredBy: ['usage-metering'],
  request: reportUsage.request.pick({ from: true, until: true, unit: true }),
  reply: reportUsage.reply,
  errors: ['invalid_request'],
  timeoutMs: 10_000,
});

/** How many requests came in under keys of a team on each of the last days (UTC), today included, oldest first. */
export const countDaily = request('usage.daily', {
  askedBy: ['auth'],
  answeredBy: ['usage-metering'],
  request: z.object({ teamId, keyIds: z.array(keyId).max(100), days: z.number().int().min(1).max(90) }),
  reply: z.object({ keys: z.array(z.object({ keyId, requests: z.array(count).max(90) })).max(100) }),
  errors: [],
  timeoutMs: 5_000,
});

/** A request that was refused after its key was known. No content: a code, the name of a member of ours, a model of ours. */
export const refusal = z.object({
  requestId,
  teamId,
  keyId,
  /** Whose key it was; null: the operator’s. */
  ownerId: userId.nullable(),
  code: z.enum(errorCodes),
  /** The member at fault, if its name is one that we gave: `messages[3]`. */
  param: shortText.nullable(),
  model: shortText.nullable(),
  /** Of the endpoint, as we write it. */
  path: shortText,
  durationMs: z.number().int().nonnegative(),
});
export type Refusal = z.output<typeof refusal>;

/** How many refusals of a key are kept in a minute; what comes beyond is counted. */
export const REFUSALS_A_MINUTE = 60;
/** How long refusals are kept, in days. */
export const REFUSALS_KEPT_DAYS = 14;

/** What a gateway refused lately. Best effort: what cannot be told is dropped, and nothing waits for it. */
export const recordRefusals = request('refusals.record', {
  askedBy: ['gateway'],
  answeredBy: ['usage-metering'],
  request: z.object({
    refusals: z.array(refusal).max(500),
    /** What was refused beyond that. */
    more: z.array(z.object({ teamId, keyId, ownerId: userId.nullable(), count: z.number().int().positive() })).max(500),
  }),
  reply: z.object({}),
  errors: [],
  timeoutMs: 5_000,
});

/** Whose keys these are, refused ones included. Unknown digests are left out. */
export const tellOwners = request('keys.owners', {
  askedBy: ['gateway'],
  answeredBy: ['key-registry'],
  request: z.object({ digests: z.array(z.string().regex(/^[A-Za-z0-9_-]{43}$/)).max(500) }),
  reply: z.object({
    owners: z.array(z.object({ digest: shortText, keyId, teamId, ownerId: userId.nullable() })).max(500),
  }),
  errors: [],
  timeoutMs: 2_000,
});

/** What a request is filtered by; `refused` is the outcome of those that were not dispatched. */
export const requestOutcome = z.enum([...usageOutcome.options, 'refused']);
export type RequestOutcome = z.output<typeof requestOutcome>;

/** One request: the row of what it used, why it was refused, or both where a dispatched one failed. */
export const requestRecord = z.object({
  row: usageRow.nullable(),
  refusal: refusal.extend({ at: moment }).nullable(),
});
export type RequestRecord = z.output<typeof requestRecord>;

/** A team’s requests, newest first, a page at a time. A page may be short, or empty, while there is a next one. */
export const searchRequests = request('requests.search', {
  askedBy: ['auth'],
  answeredBy: ['usage-metering'],
  request: narrowing.extend({
    teamId,
    from: moment,
    until: moment,
    outcome: requestOutcome.nullable().default(null),
    source: usageSource.nullable().default(null),
    code: z.enum(errorCodes).nullable().default(null),
    cursor: requestId.nullable().default(null),
    limit: z.number().int().min(1).max(200),
  }),
  reply: z.object({
    records: z.array(requestRecord).max(200),
    next: requestId.nullable(),
    completeUntil: moment.nullable(),
    /** Refusals in this time that were counted and not kept, by key and minute; the latest 100, on the first page only. */
    counted: z.array(z.object({ keyId, minute: moment, requests: count })).max(100),
  }),
  errors: [],
  timeoutMs: 10_000,
});

/** One request of a team, with the prices that it was charged by. */
export const getRequest = request('requests.get', {
  askedBy: ['auth'],
  answeredBy: ['usage-metering'],
  request: z.object({ teamId, requestId }),
  reply: requestRecord.extend({ price: price.nullable() }),
  errors: ['not_found'],
  timeoutMs: 5_000,
});
