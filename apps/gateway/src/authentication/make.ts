import { createHash, randomInt } from 'node:crypto';
import {
  KEY_PREFIX,
  KEY_RANDOM_LENGTH,
  keyChecksum,
  type KeyId,
  type ReplyOf,
  type TeamId,
  type verifyKey,
} from '@orgn/contracts';

/** A well-formed key for tests, and the digest by which the registry is asked about it. */
export function makeKey(): { raw: string; digest: string } {
  const random = Array.from({ length: KEY_RANDOM_LENGTH }, () => randomInt(36).toString(36)).join('');
  const raw = `${KEY_PREFIX}${random}${keyChecksum(`${KEY_PREFIX}${random}`)}`;
  return { raw, digest: createHash('sha256').update(raw).digest('base64url') };
}

/** The registry's good word on a key. */
export function makeWord(overrides: Partial<ReplyOf<typeof verifyKey>> = {}): ReplyOf<typeof verifyKey> {
  return {
    keyId: `key_${'1'.repeat(32)}` as KeyId,
    teamId: 'team_acme' as TeamId,
    lineageId: `key_${'1'.repeat(32)}` as KeyId,
    executionPolicy: 'any',
    models: null,
    ipAllowList: null,
    isLimited: false,
    isWatched: false,
    ticket: null,
    ...overrides,
  };
}
