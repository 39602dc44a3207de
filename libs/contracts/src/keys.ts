import { z } from 'zod';
import { request } from './contract.ts';
import { keyId, teamId } from './ids.ts';
import { model } from './models.ts';
import { displayName } from './names.ts';

/** SHA-256 of a whole raw key, base64url without padding. The raw key itself never travels to the registry. */
export const keyDigest = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** What a key may execute: anything in the catalogue, or only models that run in an attested enclave. */
export const executionPolicy = z.enum(['any', 'tee_only']);
export type ExecutionPolicy = z.output<typeof executionPolicy>;

export const keyState = z.enum(['active', 'rotating', 'disabled', 'revoked', 'expired']);
export type KeyState = z.output<typeof keyState>;

export const revocationReason = z.enum(['rotated', 'leaked', 'unused', 'other']);

/** Gateway model ids a key is limited to; null: every model. */
const allowedModels = z.array(model.shape.id.max(128)).min(1).max(256).nullable();

const keySettings = {
  teamId,
  name: displayName(64),
  expiresAt: z.iso.datetime({ offset: true }).nullable(),
  models: allowedModels,
  executionPolicy,
};

/** A key as its owners see it: no secret, no digest. */
export const keyView = z.object({
  id: keyId,
  ...keySettings,
  /** Prefix and last four characters: `sk-ollm-…o5p6`. */
  hint: z.string(),
  state: keyState,
  createdAt: z.string(),
  lastUsedAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
  revocationReason: revocationReason.nullable(),
});
export type KeyView = z.output<typeof keyView>;

/** Asked by the gateway for every request, just before dispatch. Answered from the primary, never from a cache. */
export const verifyKey = request('keys.verify', {
  request: z.object({ digest: keyDigest }),
  reply: z.object({ keyId, teamId, executionPolicy, models: allowedModels }),
  errors: ['invalid_api_key', 'key_revoked', 'key_expired', 'key_disabled'],
  timeoutMs: 2_000,
  maxBatch: 512,
});

/** Makes a key known to the registry by the SHA-256 of its secret. */
export const registerKey = request('keys.register', {
  request: z.object({ digest: keyDigest, hint: z.string().max(32), ...keySettings }),
  reply: keyView,
  errors: ['invalid_request', 'request_conflict'],
  timeoutMs: 5_000,
});

export const listKeys = request('keys.list', {
  request: z.object({ teamId }),
  reply: z.object({ keys: z.array(keyView) }),
  errors: [],
  timeoutMs: 5_000,
});

/** Ends a key for good. Once the reply has arrived no gateway accepts the key any more. Repeating it changes nothing. */
export const revokeKey = request('keys.revoke', {
  request: z.object({ id: keyId, reason: revocationReason }),
  reply: keyView,
  errors: ['not_found'],
  timeoutMs: 5_000,
});

/** Creates a key for a team: auth makes the secret, the registry gets its digest, the asker sees the secret this once. */
export const issueKey = request('keys.issue', {
  request: z.object({
    ...keySettings,
    expiresAt: keySettings.expiresAt.default(null),
    models: allowedModels.default(null),
    executionPolicy: executionPolicy.default('any'),
  }),
  reply: z.object({ id: keyId, key: z.string(), hint: z.string(), teamId }),
  errors: ['invalid_request', 'request_conflict', 'team_not_found'],
  timeoutMs: 8_000,
});
