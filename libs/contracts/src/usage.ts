import { z } from 'zod';
import { broadcast, event, request } from './contract.ts';
import { keyId, requestId, teamId } from './ids.ts';
import { execution } from './models.ts';

/** How a request ended. `withheld`: the answer was not released because its usage could not be recorded; it is free. */
export const usageOutcome = z.enum(['completed', 'cancelled', 'failed', 'withheld']);
export type UsageOutcome = z.output<typeof usageOutcome>;

/** Who counted the tokens: the provider's own usage figures, or our count of what passed by. */
export const countedBy = z.enum(['provider', 'router', 'gateway']);

const tokenCount = z.number().int().nonnegative();
/** A provider's name as providers write them: never a sentence, never something a caller wrote. */
const claimedName = z.string().regex(/^[a-zA-Z0-9._-]{1,64}$/);

/** What an aggregating provider says about who served a request. Nothing proves it: it is asserted, not measured. */
export const routingClaims = z.object({
  source: z.literal('provider_asserted'),
  /** Who is said to have answered. */
  provider: claimedName.nullable(),
  /** Whom it is said to have been offered to, in order. */
  attempted: z.array(claimedName).max(16),
});
export type RoutingClaims = z.output<typeof routingClaims>;

/** Tokens and cost of one request. Never a prompt, an answer, an address or a user agent. */
export const usageRecord = z.object({
  requestId,
  teamId,
  keyId,
  model: z.string(),
  provider: z.string(),
  execution,
  outcome: usageOutcome,
  countedBy,
  streamed: z.boolean(),
  promptTokens: tokenCount,
  completionTokens: tokenCount,
  /** Parts of the prompt tokens that went through a cache; absent where the provider does not tell. */
  cachedTokens: tokenCount.optional(),
  cacheWriteTokens: tokenCount.optional(),
  /** Part of the completion tokens that were spent on reasoning; absent where the provider does not tell. */
  reasoningTokens: tokenCount.optional(),
  images: z.number().int().nonnegative().optional(),
  /** Whole seconds of audio, a begun one included. */
  audioSeconds: z.number().int().nonnegative().optional(),
  claims: routingClaims.optional(),
  /** Integer nano-USD (1e-9 USD). */
  costNanoUsd: z.number().int().nonnegative(),
  /** Digest of the catalogue whose prices were applied. */
  priceVersion: z.string(),
  startedAt: z.iso.datetime(),
  durationMs: z.number().int().nonnegative(),
});
export type UsageRecord = z.output<typeof usageRecord>;

/** Which process saw it. A router's word outranks a gateway's; see `usageRank`. */
export const usageWitness = z.enum(['router', 'gateway']);
export type UsageWitness = z.output<typeof usageWitness>;

/** A CloudEvents 1.0 envelope around a usage record. `source` names the deployment, not the process. */
export const usageEvent = z.object({
  specversion: z.literal('1.0'),
  /** `<request id>/<witness>/<outcome>`: the same word of the same witness collides, whoever sends it again. */
  id: z.string(),
  source: z.string(),
  type: z.literal('ai.ollm.usage.recorded.v1'),
  subject: teamId,
  time: z.iso.datetime(),
  datacontenttype: z.literal('application/json'),
  data: usageRecord.extend({ witness: usageWitness }),
});
export type UsageEvent = z.output<typeof usageEvent>;

export const usageRecorded = event('events.usage.recorded', {
  publishedBy: ['inference-router', 'gateway'],
  consumedBy: ['usage-metering'],
  payload: usageEvent,
  maxBatch: 256,
});

/** One row of the usage table. */
export const usageRow = usageRecord.extend({ witness: usageWitness, recordedAt: z.string() });
export type UsageRow = z.output<typeof usageRow>;

/** Metering has committed these events: their publishers may forget them. Every publisher reads all of it, so it is short. */
export const usageSettled = broadcast('broadcast.usage.settled', {
  saidBy: ['usage-metering'],
  heardBy: ['gateway', 'inference-router'],
  payload: z.object({ eventIds: z.array(z.string()) }),
});

/** Rows that are new or have changed, for live views. */
export const usageChanged = broadcast('broadcast.usage.changed', {
  saidBy: ['usage-metering'],
  heardBy: ['operator'],
  payload: z.object({ rows: z.array(usageRow) }),
});

/** Totals of a team. Every dispatched request counts, whatever its outcome. */
export const summarizeUsage = request('usage.summarize', {
  askedBy: ['operator', 'auth'],
  answeredBy: ['usage-metering'],
  request: z.object({ teamId, since: z.iso.datetime({ offset: true }).nullable().default(null) }),
  reply: z.object({
    requests: z.number().int(),
    promptTokens: z.number().int(),
    completionTokens: z.number().int(),
    costNanoUsd: z.number().int(),
  }),
  errors: [],
  timeoutMs: 10_000,
});

/** A team's rows, oldest first, a page at a time. `cursor` is the last request id of the page before. */
export const listUsage = request('usage.list', {
  askedBy: ['operator', 'auth'],
  answeredBy: ['usage-metering'],
  request: z.object({
    teamId,
    cursor: requestId.nullable().default(null),
    limit: z.number().int().min(1).max(500).default(500),
  }),
  reply: z.object({ rows: z.array(usageRow), next: requestId.nullable() }),
  errors: [],
  timeoutMs: 10_000,
});

/** Builds the envelope of a usage record. */
export function toUsageEvent(record: UsageRecord, witness: UsageWitness): UsageEvent {
  return {
    specversion: '1.0',
    id: `${record.requestId}/${witness}/${record.outcome}`,
    source: 'urn:orgn-gateway',
    type: 'ai.ollm.usage.recorded.v1',
    subject: record.teamId,
    time: new Date(Date.parse(record.startedAt) + record.durationMs).toISOString(),
    datacontenttype: 'application/json',
    data: { ...record, witness },
  };
}

/**
 * Order of trust between two words on one request id: the higher one is kept, so that any order and any number of
 * deliveries ends in the same row. The gateway only saw what it relayed; the router knows the provider's figures; a
 * router that withheld the answer has the last word, because nobody pays for an answer that was never released.
 */
export function usageRank(word: { witness: UsageWitness; outcome: UsageOutcome }): 1 | 2 | 3 {
  if (word.witness === 'gateway') return 1;
  return word.outcome === 'withheld' ? 3 : 2;
}
