import { z } from 'zod';
import { ticketStub } from './admission.ts';
import { MAX_ENTRIES } from './bounds.ts';
import { broadcast, request, survey } from './contract.ts';
import { keyId, requestId, teamId } from './ids.ts';
import { instanceName } from './usage.ts';

/** The header that takes a hold's receipt from a gateway to a router. */
export const HOLD_HEADER = 'x-orgn-hold';

/** An owner's word that money is set aside for a request, which only owners can give; goes with every word on its usage. */
export const holdReceipt = z
  .string()
  .max(512)
  .regex(/^[0-9._]+\.[A-Za-z0-9_-]{43}$/);

/** Integer nano-USD as a decimal string: sums may be beyond what a number holds. */
export const nanoUsdText = z.string().regex(/^\d{1,19}$/);

/** How many parts the teams are divided into; each has an owner among the replicas of metering. */
export const HOLD_SHARDS = 64;

const shards = z
  .array(
    z
      .number()
      .int()
      .min(0)
      .max(HOLD_SHARDS - 1),
  )
  .max(HOLD_SHARDS);

/** Its leases ran out and could not be renewed, so that there is nobody it could hand them to; absent: they did not. */
const isLapsed = z.boolean().optional();

/** Asked by gateways that do not know whom to ask: which shards each replica of metering owns. */
export const findHolders = survey('holders.find', {
  askedBy: ['gateway'],
  answeredBy: ['usage-metering'],
  request: z.object({}),
  reply: z.object({ instance: instanceName, shards, isLapsed }),
  windowMs: 250,
});

/** A replica of metering says which shards it owns, every few seconds and whenever that changes. */
export const holdersAnnounced = broadcast('broadcast.holders', {
  saidBy: ['usage-metering'],
  heardBy: ['gateway', 'usage-metering'],
  payload: z.object({ instance: instanceName, shards, isLapsed }),
});

/** How a limit by the minute stands: of a key's lineage, over all gateways. */
export const rateStanding = z.object({
  limit: z.number().int().nonnegative(),
  remaining: z.number().int().nonnegative(),
  /** Until all of it is there again, in milliseconds. */
  resetMs: z.number().int().nonnegative(),
});
export type RateStanding = z.output<typeof rateStanding>;

export const rateStandings = z.object({ requests: rateStanding.optional(), tokens: rateStanding.optional() });
export type RateStandings = z.output<typeof rateStandings>;
const rates = rateStandings;

/** What limits spending: a team's balance, or a budget of it, of one of its members or of a key's rotation family. */
export const scopeKind = z.enum(['balance', 'lineage', 'member', 'team']);
export const scopePeriod = z.enum(['day', 'week', 'month', 'total']);

/** A limit as it stood when a hold did not fit. */
export const scopeStanding = z.object({
  kind: scopeKind,
  period: scopePeriod,
  limitNanoUsd: nanoUsdText,
  spentNanoUsd: nanoUsdText,
  heldNanoUsd: nanoUsdText,
  /** What could be held at most. */
  roomNanoUsd: nanoUsdText,
  /** When its window ends; null: never. */
  resetsAt: z.iso.datetime().max(64).nullable(),
});
export type ScopeStanding = z.output<typeof scopeStanding>;

/** What becomes of a hold. */
export const holdAnswer = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('held'),
    receipt: holdReceipt,
    rates,
    /** Budgets that only warn, and are used up. */
    warnings: z.array(scopeStanding).max(8).default([]),
  }),
  /** It is not there at once: ask `awaitHold`. */
  z.object({ state: z.literal('waiting') }),
  /** Another replica owns the team: find out which. */
  z.object({ state: z.literal('not_owner') }),
  /** `spent`: the money is used up. `busy`: other requests hold it. */
  z.object({ state: z.literal('refused'), why: z.enum(['spent', 'busy']), scope: scopeStanding, rates }),
  /** Too many requests or tokens in a minute, or too many requests at a time. */
  z.object({
    state: z.literal('too_fast'),
    what: z.enum(['requests', 'tokens', 'concurrency']),
    retryMs: z.number().int(),
    rates,
  }),
]);
export type HoldAnswer = z.output<typeof holdAnswer>;

/**
 * Sets money aside for a request before it is dispatched, and counts it against its rates. What limits it says its ticket. Asked
 * of the owner of its team, by its own subject; asked again, it answers the same.
 */
export const takeHold = request('holds.take', {
  isHedged: true,
  askedBy: ['gateway'],
  answeredBy: ['usage-metering'],
  request: z.object({
    ticket: ticketStub,
    /** The most that it can cost, and count. */
    nanoUsd: z.number().int().nonnegative(),
    tokens: z.number().int().nonnegative(),
  }),
  reply: holdAnswer,
  errors: ['admission_refused', 'metering_unavailable'],
  timeoutMs: 2_000,
  maxBatch: 256,
});

/** Waits in turn for a hold that was not there at once, no longer than HOLD_WAIT_MS. */
export const awaitHold = request('holds.await', {
  isHedged: true,
  askedBy: ['gateway'],
  answeredBy: ['usage-metering'],
  request: z.object({ teamId, requestId }),
  reply: holdAnswer,
  errors: ['metering_unavailable'],
  timeoutMs: 12_000,
});

/** Gives holds back whose requests will not run: nobody will speak of them. */
export const releaseHold = request('holds.release', {
  isHedged: true,
  askedBy: ['gateway'],
  answeredBy: ['usage-metering'],
  request: z.object({ teamId, requestId }),
  reply: z.object({}),
  errors: [],
  timeoutMs: 2_000,
  maxBatch: 256,
});

/** The usage of these requests was settled: their owners forget what they held. */
export const holdsSettled = broadcast('broadcast.holds.settled', {
  saidBy: ['usage-metering'],
  heardBy: ['usage-metering'],
  payload: z.object({
    holds: z.array(z.object({ teamId, requestId, tokens: z.number().int().nonnegative() })).max(MAX_ENTRIES),
  }),
});

/** So many of each at most in one message of `lineagesCounted`. */
export const MAX_COUNTS = 2_000;

/**
 * What an owner has counted since it last said so, of lineages with limits by the minute or of requests at a time. The others
 * carry it along, so that who owns a team next goes on counting where this one stopped.
 */
export const lineagesCounted = broadcast('broadcast.holds.counted', {
  saidBy: ['usage-metering'],
  heardBy: ['usage-metering'],
  payload: z.object({
    instance: instanceName,
    /** Requests and tokens of one second, so long ago; less than zero: taken back. */
    counts: z
      .array(
        z.object({
          lineageId: keyId,
          agoMs: z.number().int().nonnegative(),
          requests: z.number().int(),
          tokens: z.number().int(),
        }),
      )
      .max(MAX_COUNTS),
    /** Requests that run now, of lineages that may run only so many. */
    opened: z.array(z.object({ lineageId: keyId, requestId })).max(MAX_COUNTS),
    /** Requests that did not run after all; of all others their settlement tells. */
    ended: z.array(requestId).max(MAX_COUNTS),
  }),
});

/** Which part of the teams a team belongs to (FNV-1a): the same at every gateway and every owner. */
export function holdShardOf(team: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < team.length; at += 1) hash = Math.imul(hash ^ team.charCodeAt(at), 0x01000193);
  return (hash >>> 0) % HOLD_SHARDS;
}
