import { z } from 'zod';
import { shortText } from './bounds.ts';
import { request, survey } from './contract.ts';
import { keyId, requestId, teamId, userId } from './ids.ts';
import { executionPolicy } from './keys/key-restrictions.ts';
import { keyDigest } from './keys/key-view.ts';
import { verifyKey } from './keys/verify-key.ts';
import { instanceName } from './usage.ts';

/** Public name of a session of the console. */
const sessionId = z.string().regex(/^session_[0-9a-f]{32}$/);

/**
 * A grant lets one request of a person's playground through, in the place of a key: good for that request's id alone, tied
 * to session, team and member, and never shown to anybody. Auth makes its secret; the registry gets its SHA-256. With a key of
 * the member's own, the request runs as if that key had been presented: what limits the key limits it, and its usage is the key's.
 */
export const issueGrant = request('grants.issue', {
  askedBy: ['auth'],
  answeredBy: ['key-registry'],
  request: z.object({
    ...{ digest: keyDigest, requestId, sessionId, teamId, ownerId: userId, executionPolicy },
    asKey: keyId.nullable().default(null),
  }),
  reply: z.object({}),
  errors: ['request_conflict', 'team_suspended'],
  timeoutMs: 3_000,
});

/** As `verifyKey`, for a grant. Only what arrives through auth's own door to a gateway is asked about here. */
export const verifyGrant = request('grants.verify', {
  isHedged: true,
  askedBy: ['gateway'],
  answeredBy: ['key-registry'],
  request: z.object({ digest: keyDigest, requestId }),
  /** `isKey`: it stands for a key, whose limits these are. */
  reply: verifyKey.reply.extend({ isKey: z.boolean().default(false) }),
  errors: verifyKey.errors,
  timeoutMs: 2_000,
});

/** Ends the grants of sessions, or one by its request. What runs under them is cut. */
export const endGrants = request('grants.end', {
  askedBy: ['auth'],
  answeredBy: ['key-registry'],
  request: z.object({
    sessionIds: z.array(sessionId).max(1_000).default([]),
    requestIds: z.array(requestId).max(1_000).default([]),
  }),
  reply: z.object({ ended: z.number().int() }),
  errors: [],
  timeoutMs: 2_000,
});

/** Asked by auth of all gateways: where each takes playground requests, and the token that opens it for a minute. */
export const openPlayground = survey('gateway.playground', {
  askedBy: ['auth'],
  answeredBy: ['gateway'],
  request: z.object({}),
  reply: z.object({
    gateway: instanceName,
    url: z.url().max(2_048),
    token: shortText.min(43),
    tokenSeconds: z.number().int().positive(),
  }),
  windowMs: 200,
});

/** Headers that auth sends to a gateway with a playground request. */
export const GRANT_HEADER = 'x-orgn-grant';
export const GRANTED_REQUEST_HEADER = 'x-orgn-request';
