import { MAX_ENTRIES } from '../bounds.ts';
import { z } from 'zod';
import { admissionTicket } from '../admission.ts';
import { monthlyBudget } from '../budgets.ts';
import { clientContext } from '../client-context.ts';
import { broadcast, request } from '../contract.ts';
import { keyId, requestId, teamId } from '../ids.ts';
import { allowedModels, executionPolicy, ipAllowList } from './key-restrictions.ts';
import { keyDigest, keyView } from './key-view.ts';

/** Why a key is not accepted, whatever it is used for. */
const refusals = [
  'invalid_api_key',
  'key_revoked',
  'key_expired',
  'key_disabled',
  'key_owner_removed',
  'team_suspended',
] as const;

/**
 * Asked by the gateway for every request, just before dispatch, and for every running one every few seconds. Answered
 * from the primary, never from a cache.
 */
export const verifyKey = request('keys.verify', {
  isHedged: true,
  askedBy: ['gateway'],
  answeredBy: ['key-registry'],
  request: z.object({
    digest: keyDigest,
    /** The request that the key is presented for; null where it is only looked at, and then there is no ticket. */
    requestId: requestId.nullable().default(null),
    /** What presents it, and the network that it comes from (IPv4 /24, IPv6 /48); absent: its last use stays as it is known. */
    client: z.object({ userAgent: clientContext.shape.userAgent, network: z.string().max(64).nullable() }).optional(),
  }),
  reply: z.object({
    keyId,
    teamId,
    lineageId: keyId,
    executionPolicy,
    models: allowedModels,
    ipAllowList,
    /** Its ticket has budgets or rates, so that somebody has to count by it. */
    isLimited: z.boolean().default(true),
    /** Its ticket has budgets that only warn: somebody should count by it, and where nobody can it runs all the same. */
    isWatched: z.boolean().default(false),
    /** Opens a router for the request, and goes with every word on its usage. */
    ticket: admissionTicket.nullable(),
  }),
  errors: refusals,
  // A host that has to start half a deployment anew is slow for seconds; a replica that hangs is asked around after 150 ms.
  timeoutMs: 5_000,
  maxBatch: 512,
});

/** What a key may know about itself. Judged like any use of it. */
export const inspectKey = request('keys.inspect', {
  isHedged: true,
  askedBy: ['gateway'],
  answeredBy: ['key-registry'],
  request: z.object({ digest: keyDigest }),
  reply: keyView.extend({
    /** Its team lets its keys ask for the balance. */
    seesBalance: z.boolean().default(false),
    /** Of its team and of its owner, which hold it as well. */
    teamBudget: monthlyBudget.nullable().default(null),
    memberBudget: monthlyBudget.nullable().default(null),
  }),
  errors: refusals,
  timeoutMs: 2_000,
});

/**
 * The word on these keys, or on all keys of these teams, may have changed: gateways ask again about the requests that
 * run under them instead of waiting for their turn.
 */
export const keysChanged = broadcast('broadcast.keys.changed', {
  saidBy: ['key-registry'],
  heardBy: ['gateway'],
  payload: z.object({
    keyIds: z.array(keyId).max(MAX_ENTRIES).default([]),
    teamIds: z.array(teamId).max(MAX_ENTRIES).default([]),
  }),
});
