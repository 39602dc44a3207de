import { Injectable } from '@nestjs/common';
import {
  ServiceError,
  type KeyId,
  type KeyView,
  type ReplyOf,
  type RequestOf,
  type listKeys,
  type registerKey,
  type revokeKey,
  type TeamId,
  type verifyKey,
} from '@orgn/contracts';
import { KeyRegistryConfig } from '../config.ts';
import { isSameDigest, toStoredDigest, type StoredDigest } from './key-digest.ts';
import { newKeyId } from './key-id.ts';
import { refusalOf, unknownKey } from './key-refusal.ts';
import { KeyUpkeep } from './key-upkeep.ts';
import { KeysRepository, type KeyJudgement, type KeyRecord } from './keys.repository.ts';

type Verdict = ReplyOf<typeof verifyKey> | ServiceError;

@Injectable()
export class KeysService {
  constructor(
    private readonly keys: KeysRepository,
    private readonly upkeep: KeyUpkeep,
    private readonly config: KeyRegistryConfig,
  ) {}

  /**
   * Judges a batch of keys by one read of the primary. Nothing is remembered between calls, so a key that was revoked
   * before the call is refused by it.
   * @param digests SHA-256 of the raw keys, base64url
   * @throws ServiceError `service_unavailable` when the database cannot be asked: that is no statement about a key
   */
  async verify(digests: string[]): Promise<Verdict[]> {
    const wanted = digests.map((digest) => this.config.KEY_PEPPERS.map((pepper) => toStoredDigest(pepper, digest)));
    const found = await this.keys.judge(wanted.flat().map(({ digest }) => digest));
    const byDigest = new Map(found.map((key) => [key.digest.toString('base64'), key]));
    return wanted.map((candidates) => this.#verdictOn(candidates, byDigest));
  }

  /** @throws ServiceError `request_conflict` for a known digest or a name in use, `invalid_request` for a past expiry */
  async register(request: RequestOf<typeof registerKey>): Promise<ReplyOf<typeof registerKey>> {
    const { digest, expiresAt, ...settings } = request;
    const id = newKeyId();
    const stored = toStoredDigest(this.config.KEY_PEPPERS[0], digest);
    const key = { ...settings, id, lineageId: id, digest: stored.digest, digestKid: stored.kid };
    return toKeyView(await this.keys.insert({ ...key, expiresAt: expiresAt === null ? null : new Date(expiresAt) }));
  }

  /** A team's keys, newest first, ended ones included. */
  async list(teamId: TeamId): Promise<ReplyOf<typeof listKeys>> {
    return { keys: (await this.keys.findByTeam(teamId)).map(toKeyView) };
  }

  /**
   * Ends a key. Resolves after the commit; a repetition answers the first revocation.
   * @throws ServiceError `not_found`
   */
  async revoke(id: KeyId, reason: RequestOf<typeof revokeKey>['reason']): Promise<ReplyOf<typeof revokeKey>> {
    const key = await this.keys.revoke(id, reason);
    if (!key) throw new ServiceError('not_found', 'There is no key with this id.', { param: 'id' });
    return toKeyView(key);
  }

  #verdictOn(candidates: StoredDigest[], byDigest: Map<string, KeyJudgement>): Verdict {
    for (const candidate of candidates) {
      const key = byDigest.get(candidate.digest.toString('base64'));
      if (!key || !isSameDigest(candidate, { kid: key.digestKid, digest: key.digest })) continue;
      const refusal = refusalOf(key.state);
      if (refusal) return refusal;
      this.upkeep.noteUse(key, candidates[0]);
      return { keyId: key.id, teamId: key.teamId, executionPolicy: key.executionPolicy, models: key.models };
    }
    return unknownKey();
  }
}

function toKeyView(key: KeyRecord): KeyView {
  const { id, teamId, name, hint, models, executionPolicy, state, revocationReason } = key;
  return {
    ...{ id, teamId, name, hint, models, executionPolicy, state, revocationReason },
    expiresAt: key.expiresAt?.toISOString() ?? null,
    createdAt: key.createdAt.toISOString(),
    lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
    revokedAt: key.revokedAt?.toISOString() ?? null,
  };
}
