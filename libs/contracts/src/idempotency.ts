import { z } from 'zod';
import { request } from './contract.ts';
import { requestId, teamId } from './ids.ts';

/** SHA-256, base64url without padding: neither an idempotency key nor a body travels. */
const digest = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** How a request under an idempotency key ended, once it was dispatched. */
export const idempotencyOutcome = z.enum(['completed', 'cancelled', 'failed']);
export type IdempotencyOutcome = z.output<typeof idempotencyOutcome>;

/** How long a key stands for its first request, in hours. */
export const IDEMPOTENCY_HOURS = 24;

/** When a request that neither ended nor left a usage row counts as lost with its gateway, in minutes after its begin. */
export const IDEMPOTENCY_LOST_MINUTES = 30;

/**
 * Asked by a gateway before it dispatches a request with an idempotency key. Only `started` allows the dispatch, and of
 * any number of requests with one key, at any number of gateways, one alone is told so. Everything else is about that
 * first request: it runs (`in_progress`), it has ended (`completed`, whatever its outcome), or it had another body
 * (`mismatch`).
 */
export const beginIdempotent = request('idempotency.begin', {
  isHedged: true,
  askedBy: ['gateway'],
  answeredBy: ['usage-metering'],
  request: z.object({
    teamId,
    /** Of the key as the caller sent it. */
    keyDigest: digest,
    /** Of method, path and body: what makes a repetition the same request. */
    bodyDigest: digest,
    requestId,
  }),
  reply: z.object({
    state: z.enum(['started', 'in_progress', 'completed', 'mismatch']),
    /** The first request's. */
    requestId,
    /** Null while the first request runs. */
    outcome: idempotencyOutcome.nullable(),
    /** Integer nano-USD; null until metering has committed it. */
    costNanoUsd: z.number().int().nonnegative().nullable(),
  }),
  errors: [],
  timeoutMs: 2_000,
});

/**
 * Says how a request ended that was `started`. `released`: refused before it was dispatched, so the key is free again,
 * unless there is usage of it. Says nothing of a request that is not known, or has ended before.
 */
export const endIdempotent = request('idempotency.end', {
  askedBy: ['gateway'],
  answeredBy: ['usage-metering'],
  request: z.object({ teamId, requestId, outcome: z.enum([...idempotencyOutcome.options, 'released']) }),
  reply: z.object({}),
  errors: [],
  timeoutMs: 2_000,
});
