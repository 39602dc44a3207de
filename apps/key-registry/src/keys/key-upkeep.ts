import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { KeyId } from '@orgn/contracts';
import { ServiceLog } from '@orgn/service-kit';
import { KeyRegistryConfig } from '../config.ts';
import type { StoredDigest } from './key-digest.ts';
import { KeysRepository, type DigestMove, type KeyJudgement } from './keys.repository.ts';

const WRITE_EVERY_MS = 60_000;

/**
 * What a verification leaves to be written: when a key was last used, and its digest under the current pepper. Written
 * in batches once a minute and at the end, never while a caller waits. A crash loses at most a minute of it, which
 * costs nothing: the next use says both again.
 */
@Injectable()
export class KeyUpkeep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #uses = new Map<KeyId, Date>();
  #moves = new Map<KeyId, DigestMove>();
  #writing: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly keys: KeysRepository,
    private readonly config: KeyRegistryConfig,
    private readonly log: ServiceLog,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.write(), WRITE_EVERY_MS).unref();
    void this.#warnOfLostKeys();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.write();
  }

  /** Takes note of an accepted key. `current`: its digest as the current pepper makes it. */
  noteUse(key: KeyJudgement, current: StoredDigest | undefined): void {
    const known = this.#uses.get(key.id);
    if (!known || known < key.judgedAt) this.#uses.set(key.id, key.judgedAt);
    if (current && current.kid !== key.digestKid)
      this.#moves.set(key.id, { id: key.id, from: key.digest, to: current });
  }

  /** Writes what has collected; what could not be written is kept for the next time. */
  write(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#writeUses()).then(() => this.#writeMoves());
    return this.#writing;
  }

  async #writeUses(): Promise<void> {
    const uses = this.#uses;
    this.#uses = new Map();
    try {
      await this.keys.recordUses(uses);
    } catch (error) {
      this.log.warn('last use of keys not written, will retry', { keys: uses.size }, error);
      for (const [id, at] of this.#uses) uses.set(id, at);
      this.#uses = uses;
    }
  }

  async #writeMoves(): Promise<void> {
    const moves = this.#moves;
    this.#moves = new Map();
    try {
      await this.keys.moveDigests([...moves.values()]);
      if (moves.size > 0) this.log.info('digests moved to the current pepper', { keys: moves.size });
    } catch (error) {
      this.log.warn('digests not moved to the current pepper, will retry', { keys: moves.size }, error);
      this.#moves = new Map([...moves, ...this.#moves]);
    }
  }

  /** A pepper that was dropped too early makes keys unknown without a trace: say so. */
  async #warnOfLostKeys(): Promise<void> {
    const kids = this.config.KEY_PEPPERS.map(({ kid }) => kid);
    try {
      const lost = await this.keys.findKidsOutside(kids);
      if (lost.length > 0)
        this.log.error('keys are stored under peppers that KEY_PEPPERS lacks', undefined, { kids: lost });
    } catch (error) {
      this.log.warn('peppers in use could not be read', {}, error);
    }
  }
}
