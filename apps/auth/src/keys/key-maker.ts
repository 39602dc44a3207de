import { Injectable } from '@nestjs/common';
import {
  registerKey,
  revokeKey,
  rotateKey,
  toKeyHint,
  type KeyView,
  type ReplyOf,
  type RequestOf,
} from '@orgn/contracts';
import { Bus, ServiceLog } from '@orgn/service-kit';
import { newKeySecret, toKeyDigest } from './key-secret.ts';

type Made<T> = T & { secret: string };
type Identity = 'digest' | 'hint';

/** Makes secrets: the registry is told their digests, and nobody keeps the secrets themselves. */
@Injectable()
export class KeyMaker {
  constructor(
    private readonly bus: Bus,
    private readonly log: ServiceLog,
  ) {}

  /** @throws ServiceError `invalid_request` and `request_conflict` as the registry says */
  async make(settings: Omit<RequestOf<typeof registerKey>, Identity>): Promise<Made<{ key: KeyView }>> {
    const secret = newKeySecret();
    const identity = { digest: toKeyDigest(secret), hint: toKeyHint(secret) };
    const key = await this.bus.ask(registerKey, { ...settings, ...identity });
    this.log.info('key issued', { keyId: key.id, teamId: key.teamId });
    return { key, secret };
  }

  /** @throws ServiceError `not_found` and `request_conflict` as the registry says */
  async rotate(rotation: Omit<RequestOf<typeof rotateKey>, Identity>): Promise<Made<ReplyOf<typeof rotateKey>>> {
    const secret = newKeySecret();
    const identity = { digest: toKeyDigest(secret), hint: toKeyHint(secret) };
    const rotated = await this.bus.ask(rotateKey, { ...rotation, ...identity });
    this.log.info('key rotated', { keyId: rotation.id, teamId: rotation.teamId, newKeyId: rotated.key.id });
    return { ...rotated, secret };
  }

  /**
   * Runs what makes a key and writes it down. When the key was made but could not be written down, nobody is ever going to
   * see its secret: the key is ended, as far as the registry can be reached, so that its name is free again.
   */
  async orUnmake<T>(work: (made: (key: KeyView) => void) => Promise<T>): Promise<T> {
    let key: KeyView | undefined;
    try {
      return await work((made) => (key = made));
    } catch (error) {
      if (key) await this.#unmake(key);
      throw error;
    }
  }

  async #unmake({ id, teamId }: KeyView): Promise<void> {
    try {
      await this.bus.ask(revokeKey, { key: { id, teamId }, reason: 'other', isConfirmed: true });
    } catch (error) {
      this.log.error('key that nobody was shown is still there', error, { keyId: id, teamId });
    }
  }
}
