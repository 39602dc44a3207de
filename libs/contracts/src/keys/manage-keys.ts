import { MAX_ENTRIES } from '../bounds.ts';
import { z } from 'zod';
import { request } from '../contract.ts';
import { keyId, teamId, userId } from '../ids.ts';
import { keyRestrictions, saidRestrictions } from './key-restrictions.ts';
import { expiresAt, keyChange, keyDigest, keyHint, keyName, keyView, revocationReason } from './key-view.ts';

/** Makes a key known to the registry by the SHA-256 of its secret. */
export const registerKey = request('keys.register', {
  askedBy: ['auth'],
  answeredBy: ['key-registry'],
  request: z.object({
    digest: keyDigest,
    hint: keyHint,
    teamId,
    name: keyName,
    expiresAt,
    createdBy: userId.nullable(),
    ...saidRestrictions,
  }),
  reply: keyView,
  errors: ['invalid_request', 'request_conflict'],
  timeoutMs: 5_000,
});

/** A team's keys, newest first, ended ones included, a page at a time. `cursor` is the last key of the page before. */
export const listKeys = request('keys.list', {
  askedBy: ['auth', 'operator'],
  answeredBy: ['key-registry'],
  request: z.object({
    teamId,
    cursor: keyId.nullable().default(null),
    limit: z.number().int().min(1).max(500).default(500),
  }),
  reply: z.object({ keys: z.array(keyView).max(MAX_ENTRIES), next: keyId.nullable() }),
  errors: [],
  timeoutMs: 5_000,
});

/** The keys that somebody owns, in whatever team, newest first, ended ones included; paged like `listKeys`. */
export const listOwnedKeys = request('keys.owned', {
  askedBy: ['operator', 'auth'],
  answeredBy: ['key-registry'],
  request: z.object({
    ownerId: userId,
    cursor: keyId.nullable().default(null),
    limit: z.number().int().min(1).max(500).default(500),
  }),
  reply: z.object({ keys: z.array(keyView).max(MAX_ENTRIES), next: keyId.nullable() }),
  errors: [],
  timeoutMs: 5_000,
});

export const getKey = request('keys.get', {
  askedBy: ['auth'],
  answeredBy: ['key-registry'],
  request: z.object({ teamId, id: keyId }),
  reply: keyView,
  errors: ['not_found'],
  timeoutMs: 5_000,
});

/** Keys by the SHA-256 of their secrets, for whoever holds leaked ones. Unknown digests are left out. */
export const findKeys = request('keys.find', {
  askedBy: ['auth'],
  answeredBy: ['key-registry'],
  request: z.object({ digests: z.array(keyDigest).max(1_000) }),
  reply: z.object({ found: z.array(z.object({ digest: keyDigest, key: keyView })).max(MAX_ENTRIES) }),
  errors: [],
  timeoutMs: 5_000,
});

/** Changes name, expiry or restrictions of a key that has not ended. What is absent stays; null lifts a restriction. */
export const updateKey = request('keys.update', {
  askedBy: ['auth'],
  answeredBy: ['key-registry'],
  request: z.object({
    teamId,
    id: keyId,
    changes: z.object({ name: keyName, expiresAt, ...keyRestrictions.shape }).partial(),
  }),
  reply: keyChange,
  errors: ['invalid_request', 'not_found', 'request_conflict'],
  timeoutMs: 5_000,
});

/**
 * Puts a new secret in a key's place, with its name, lineage, expiry and restrictions. The old one is accepted for
 * `graceSeconds` more: from now on, or from the first use of the new one, which then is written before it is accepted.
 * If there is no such use, the old one ends 30 days and the grace period after the rotation. Only an active key can be
 * rotated.
 */
export const rotateKey = request('keys.rotate', {
  askedBy: ['auth'],
  answeredBy: ['key-registry'],
  request: z.object({
    teamId,
    id: keyId,
    digest: keyDigest,
    hint: keyHint,
    createdBy: userId.nullable(),
    graceSeconds: z.number().int().min(0).max(2_592_000),
    activate: z.enum(['now', 'first_use']),
  }),
  /** `replaced`: the old key, before and after. */
  reply: z.object({ key: keyView, replaced: keyChange }),
  errors: ['not_found', 'request_conflict'],
  timeoutMs: 5_000,
});

/**
 * Ends a key for good. Once the reply has arrived no gateway accepts the key any more. Repeating it changes nothing. The
 * key that it replaced, or that replaced it, is not ended by it.
 * Named by its id (in a team, when the asker acts for one) or by the SHA-256 of its secret.
 */
export const revokeKey = request('keys.revoke', {
  askedBy: ['auth'],
  answeredBy: ['key-registry'],
  request: z.object({
    key: z.union([z.object({ id: keyId, teamId: teamId.optional() }), z.object({ digest: keyDigest })]),
    reason: revocationReason,
    /** False: refuse with `confirmation_required` when it is the team's only active key and was used in the last 24 h. */
    isConfirmed: z.boolean(),
  }),
  reply: keyChange,
  errors: ['not_found', 'confirmation_required'],
  timeoutMs: 5_000,
});

/** Stops a key from being accepted until it is enabled again; true when the reply has arrived, like a revocation. */
export const disableKey = request('keys.disable', {
  askedBy: ['auth'],
  answeredBy: ['key-registry'],
  request: z.object({ teamId, id: keyId }),
  reply: keyChange,
  errors: ['not_found', 'request_conflict'],
  timeoutMs: 5_000,
});

/** Lets a disabled or suspended key be accepted again, even when it is both. A suspended one becomes `adoptBy`'s. */
export const enableKey = request('keys.enable', {
  askedBy: ['auth'],
  answeredBy: ['key-registry'],
  request: z.object({ teamId, id: keyId, adoptBy: userId.nullable() }),
  reply: keyChange,
  errors: ['not_found', 'request_conflict'],
  timeoutMs: 5_000,
});

/**
 * Gives a replaced key more time: it ends `graceSeconds` from now, or after the first use of its successor where that is
 * still awaited. Never sooner than it would have, and never after its successor.
 */
export const extendKey = request('keys.extend', {
  askedBy: ['auth'],
  answeredBy: ['key-registry'],
  request: z.object({ teamId, id: keyId, graceSeconds: z.number().int().min(60).max(2_592_000) }),
  reply: keyChange,
  errors: ['not_found', 'request_conflict'],
  timeoutMs: 5_000,
});

/** What becomes of the keys of somebody who leaves a team. */
export const keysOfLeaver = z.enum(['adopt', 'suspend', 'revoke']);
export type KeysOfLeaver = z.output<typeof keysOfLeaver>;

/** Settles the keys that a leaver owned and that have not ended; true at every gateway when the reply has arrived. */
export const settleKeys = request('keys.settle', {
  askedBy: ['auth'],
  answeredBy: ['key-registry'],
  request: z.object({ teamId, ownerId: userId, choice: keysOfLeaver, adoptBy: userId.nullable() }),
  /** Ids only: a leaver may own more keys than a message holds views of. */
  reply: z.object({ settled: z.array(keyId).max(MAX_ENTRIES) }),
  errors: [],
  timeoutMs: 5_000,
});

/** `suspended`: all keys of the team are refused. `closed`: they are revoked as well, for good. */
export const teamStanding = z.enum(['active', 'suspended', 'closed']);
export type TeamStanding = z.output<typeof teamStanding>;

/** Tells the registry how a team stands; true at every gateway when the reply has arrived. */
export const setKeysStanding = request('keys.stand', {
  askedBy: ['auth'],
  answeredBy: ['key-registry'],
  request: z.object({ teamId, standing: teamStanding }),
  reply: z.object({ revoked: z.number().int() }),
  errors: ['request_conflict'],
  timeoutMs: 5_000,
});
