import { MAX_ENTRIES, shortText } from './bounds.ts';
import { z } from 'zod';
import { ticketStub } from './admission.ts';
import { broadcast, event, request } from './contract.ts';
import { keyId, requestId, teamId, userId } from './ids.ts';
import { execution, price } from './models.ts';

/** How a request ended. `withheld`: the answer was not released because its usage could not be recorded; it is free. */
export const usageOutcome = z.enum(['completed', 'cancelled', 'failed', 'withheld']);
export type UsageOutcome = z.output<typeof usageOutcome>;

/** What a request came through: a key at the API host, or the console's playground. */
export const usageSource = z.enum(['api', 'playground']);
export type UsageSource = z.output<typeof usageSource>;

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
  model: z.string().max(128),
  provider: z.string().max(64),
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
  /** What rerankers count: one for up to so many documents. */
  searchUnits: z.number().int().nonnegative().optional(),
  /** How often the fee per request applies; absent: once, if anything at all was used. */
  requests: z.number().int().nonnegative().optional(),
  claims: routingClaims.optional(),
  /** Integer nano-USD (1e-9 USD). */
  costNanoUsd: z.number().int().nonnegative(),
  /** Digest of the catalogue whose prices were applied. */
  priceVersion: z.string().max(64),
  startedAt: z.iso.datetime().max(64),
  durationMs: z.number().int().nonnegative(),
  /** A receipt of it is due: where there is none, it was lost. */
  receiptDue: z.boolean().optional(),
});
export type UsageRecord = z.output<typeof usageRecord>;

/** What kind of process saw it, proven by the subject it spoke on. A router's word outranks a gateway's; see `usageRank`. */
export const usageWitness = z.enum(['router', 'gateway']);
export type UsageWitness = z.output<typeof usageWitness>;

/** The name of a process among its replicas. Nothing proves it: a label. */
export const instanceName = z.string().regex(/^[a-z0-9-]{1,64}$/);

/** A CloudEvents 1.0 envelope around a usage record. `source` names the deployment, not the process. */
export const usageEvent = z.object({
  specversion: z.literal('1.0'),
  /** As `usageEventId` makes it: the same word of the same instance collides, however often it is said again. */
  id: z.string().max(256),
  source: z.string().max(256),
  type: z.literal('ai.ollm.usage.recorded.v1'),
  subject: teamId,
  time: z.iso.datetime().max(64),
  datacontenttype: z.literal('application/json'),
  data: usageRecord.extend({
    /** Who says so, by its own account. */
    instance: instanceName,
    /** Proves that the key was presented for this request. Without a good one a word is set aside, not settled. */
    ticket: ticketStub.nullable().default(null),
    /** The router's proof that it withheld the answer, in a gateway's word on that. */
    seal: z.string().max(128).optional(),
    /** What was held for it, by its owner's word; absent: nothing. */
    hold: z.string().max(512).optional(),
    /** What the model costs in that version of the catalogue. */
    price: price.optional(),
  }),
});
export type UsageEvent = z.output<typeof usageEvent>;

const recorded = { consumedBy: ['usage-metering'], payload: usageEvent, maxBatch: 256 } as const;

/** What routers say of requests that they dispatched. Nobody else may publish here, which is what proves the witness. */
export const usageRecordedByRouter = event('events.usage.recorded.router', {
  publishedBy: ['inference-router'],
  ...recorded,
});

/** What gateways say of requests that they relayed. */
export const usageRecordedByGateway = event('events.usage.recorded.gateway', { publishedBy: ['gateway'], ...recorded });

/** One row of the usage table. `startedAt` is when the database admitted the request: no host's clock is in it. */
export const usageRow = usageRecord.extend({
  witness: usageWitness,
  /** Which router or gateway, by its own account; null, as the next two, in rows of releases before. */
  instance: instanceName.nullable().default(null),
  /** Whose key it was, null also where it was the operator's, and its rotation family. */
  ownerId: userId.nullable().default(null),
  lineageId: keyId.nullable().default(null),
  /** The request id that this run shared with another one, of another row. Somebody ran it twice. */
  secondOf: requestId.nullable().default(null),
  /** In the playground's, `keyId` is of a grant that was good for this request alone. */
  source: usageSource.default('api'),
  recordedAt: z.string().max(64),
});
export type UsageRow = z.output<typeof usageRow>;

/** Metering has committed these events: their publishers may forget them. Every publisher reads all of it, so it is short. */
export const usageSettled = broadcast('broadcast.usage.settled', {
  saidBy: ['usage-metering'],
  heardBy: ['gateway', 'inference-router'],
  payload: z.object({ eventIds: z.array(shortText).max(MAX_ENTRIES) }),
});

/** Rows that are new or have changed, for live views. */
export const usageChanged = broadcast('broadcast.usage.changed', {
  saidBy: ['usage-metering'],
  heardBy: ['operator'],
  payload: z.object({ rows: z.array(usageRow).max(MAX_ENTRIES) }),
});

/** Totals of a team. Every dispatched request counts, whatever its outcome. */
export const summarizeUsage = request('usage.summarize', {
  askedBy: ['operator', 'auth'],
  answeredBy: ['usage-metering'],
  request: z.object({ teamId, since: z.iso.datetime({ offset: true }).max(64).nullable().default(null) }),
  reply: z.object({
    requests: z.number().int(),
    promptTokens: z.number().int(),
    completionTokens: z.number().int(),
    costNanoUsd: z.number().int(),
    /** The same as a decimal string, which a sum of any size fits. */
    totalNanoUsd: z
      .string()
      .regex(/^\d{1,19}$/)
      .optional(),
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
    limit: z.number().int().min(1).max(200).default(200),
  }),
  reply: z.object({ rows: z.array(usageRow).max(MAX_ENTRIES), next: requestId.nullable() }),
  errors: [],
  timeoutMs: 10_000,
});

/** Who speaks of a request, and what proves that it was admitted. */
export interface UsageVoice extends Pick<UsageEvent['data'], 'instance' | 'ticket' | 'price' | 'seal' | 'hold'> {
  witness: UsageWitness;
}

/** Builds the envelope of a usage record. */
export function toUsageEvent(
  record: UsageRecord,
  { witness, instance, ticket, price, seal, hold }: UsageVoice,
): UsageEvent {
  const proofs = { ...(seal !== undefined && { seal }), ...(hold !== undefined && { hold }) };
  const data = { ...record, instance, ticket, ...(price && { price }), ...proofs };
  return {
    specversion: '1.0',
    id: usageEventId(data, witness),
    source: 'urn:orgn-gateway',
    type: 'ai.ollm.usage.recorded.v1',
    subject: record.teamId,
    time: new Date(Date.parse(record.startedAt) + record.durationMs).toISOString(),
    datacontenttype: 'application/json',
    data,
  };
}

/**
 * What a word is called when its publisher is told that it was settled: `<request id>/<witness>/<instance>/<outcome>`.
 * Metering makes it anew by the subject, so that no gateway can have a router forget a word.
 */
export function usageEventId(word: UsageEvent['data'], witness: UsageWitness): string {
  return `${word.requestId}/${witness}/${word.instance}/${word.outcome}`;
}

/**
 * Order of trust between two words on one request id: the higher one is kept, so that any order and any number of
 * deliveries ends in the same row. The gateway only saw what it relayed; the router knows the provider's figures; that the
 * answer was withheld is the last word, the router's or, where that dies before it is stored, the gateway's that has the
 * router's proof of it: nobody pays for an answer that was never released.
 */
export function usageRank(word: { witness: UsageWitness; outcome: UsageOutcome }): 1 | 2 | 3 {
  if (word.outcome === 'withheld') return 3;
  return word.witness === 'gateway' ? 1 : 2;
}
