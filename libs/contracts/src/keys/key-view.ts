import { shortText } from '../bounds.ts';
import { z } from 'zod';
import { keyId, teamId, userId } from '../ids.ts';
import { displayName } from '../names.ts';
import { clientContext } from '../client-context.ts';
import { saidRestrictions } from './key-restrictions.ts';

/** SHA-256 of a whole raw key, base64url without padding. The raw key itself never travels to the registry. */
export const keyDigest = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** How a key is shown after its only full appearance: prefix and last four characters, `sk-ollm-…o5p6`. */
export const keyHint = z.string().max(32);

export const keyName = displayName(64);

/**
 * `rotating`: replaced by another key and accepted until `expiresAt`. `suspended`: whoever owned it left the team, and
 * nobody has adopted it yet.
 */
export const keyState = z.enum(['active', 'rotating', 'disabled', 'suspended', 'revoked', 'expired']);
export type KeyState = z.output<typeof keyState>;

export const revocationReason = z.enum(['rotated', 'leaked', 'unused', 'other']);
export type RevocationReason = z.output<typeof revocationReason>;

/** When a key ends by itself, by the database's clock; null: never. */
export const expiresAt = z.iso.datetime({ offset: true }).max(64).nullable();

/** A key as its team sees it: no secret, no digest. */
export const keyView = z.object({
  id: keyId,
  teamId,
  /** As it was given: names that are refused today are still those of their keys. */
  name: shortText,
  hint: keyHint,
  state: keyState,
  expiresAt,
  ...saidRestrictions,
  /** Who made it; null: the operator. */
  createdBy: userId.nullable(),
  /** Whose key it is now; null: the operator's. */
  ownerId: userId.nullable(),
  /** First key of its rotation family. */
  lineageId: keyId,
  /** The key that it replaces, and the one that replaced it. */
  replaces: keyId.nullable(),
  replacedBy: keyId.nullable(),
  /** A replaced key whose grace period begins with the first use of its successor, which has not come yet. */
  isAwaitingSuccessor: z.boolean().default(false),
  createdAt: shortText,
  lastUsedAt: shortText.nullable(),
  /** What kind of client its last use came from, and from which network (IPv4 /24, IPv6 /48); null: not known, or not kept. */
  lastUsedWith: clientContext.shape.userAgent.nullable().default(null),
  lastUsedFrom: shortText.nullable().default(null),
  revokedAt: shortText.nullable(),
  revocationReason: revocationReason.nullable(),
});
export type KeyView = z.output<typeof keyView>;

/** A key before and after a change; equal when there was nothing to change. */
export const keyChange = z.object({ before: keyView, after: keyView });
export type KeyChange = z.output<typeof keyChange>;
