import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { keysChanged, type KeyId, type RequestOf, type verifyKey } from '@orgn/contracts';
import { Bus, ServiceLog } from '@orgn/service-kit';
import type { StoredDigest } from './key-digest.ts';
import { KeyRegistryConfig } from '../config.ts';
import { KeyUsesRepository, type DigestMove, type KeyUse } from './key-uses.repository.ts';
import type { KeyJudgement } from './keys.repository.ts';

const WRITE_EVERY_MS = 60_000;

type Client = RequestOf<typeof verifyKey>['client'];

/** A key that is about to be accepted. `current`: its digest as the current pepper makes it. */
export interface AcceptedKey {
  key: KeyJudgement;
  current: StoredDigest | undefined;
  /** What presents it, and from where. */
  client: Client | undefined;
}

/**
 * What a verification leaves to be written: when a key was last used, and its digest under the current pepper. Written
 * in batches once a minute and at the end, never while a caller waits. A crash loses at most a minute of it, which
 * costs nothing: the next use says both again. Only the first use in an hour is written at once, so that nobody takes a
 * key for unused that is not, and the first use that others wait for, because their end counts from it.
 */
@Injectable()
export class KeyUpkeep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #uses = new Map<KeyId, KeyUse>();
  #moves = new Map<KeyId, DigestMove>();
  #writing: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly uses: KeyUsesRepository,
    private readonly config: KeyRegistryConfig,
    private readonly bus: Bus,
    private readonly log: ServiceLog,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.write(), WRITE_EVERY_MS).unref();
    if (!this.config.KEEP_NETWORKS) void this.#forgetNetworks();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.write();
  }

  /**
   * Takes note of keys that are about to be accepted; resolves when what must be known by then is committed.
   * @throws ServiceError `service_unavailable`: the keys cannot be accepted
   */
  async noteUses(accepted: readonly AcceptedKey[]): Promise<void> {
    const idsOf = (keys: readonly AcceptedKey[]) => keys.map(({ key }) => key.id);
    const ended = await this.uses.startGrace(idsOf(accepted.filter(({ key }) => key.endsOthers)));
    if (ended.length > 0) this.bus.broadcast(keysChanged, { keyIds: ended });
    await this.uses.stamp(this.#toUses(accepted.filter(({ key }) => key.isFreshUse)));
    for (const use of accepted) this.#note(use);
  }

  /** Writes what has collected; what could not be written is kept for the next time. */
  write(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#writeUses()).then(() => this.#writeMoves());
    return this.#writing;
  }

  async #forgetNetworks(): Promise<void> {
    try {
      await this.uses.forgetNetworks();
    } catch (error) {
      this.log.error('networks of last uses not dropped, they go with the next start', error);
    }
  }

  #toUses(accepted: readonly AcceptedKey[]): Map<KeyId, KeyUse> {
    return new Map(accepted.map((use) => [use.key.id, this.#toUse(use)]));
  }

  #toUse({ key, client }: AcceptedKey): KeyUse {
    const network = this.config.KEEP_NETWORKS ? client?.network : null;
    return { at: key.judgedAt, client: client?.userAgent ?? null, network: network ?? null };
  }

  #note(use: AcceptedKey): void {
    const { key, current } = use;
    const known = this.#uses.get(key.id);
    if (!known || known.at < key.judgedAt) this.#uses.set(key.id, merge(known, this.#toUse(use)));
    if (current && current.kid !== key.digestKid)
      this.#moves.set(key.id, { id: key.id, from: key.digest, to: current });
  }

  async #writeUses(): Promise<void> {
    const uses = this.#uses;
    this.#uses = new Map();
    try {
      await this.uses.record(uses);
    } catch (error) {
      this.log.warn('last use of keys not written, will retry', { keys: uses.size }, error);
      for (const [id, use] of this.#uses) uses.set(id, use);
      this.#uses = uses;
    }
  }

  async #writeMoves(): Promise<void> {
    const moves = this.#moves;
    this.#moves = new Map();
    try {
      await this.uses.moveDigests([...moves.values()]);
      if (moves.size > 0) this.log.info('digests moved to the current pepper', { keys: moves.size });
    } catch (error) {
      this.log.warn('digests not moved to the current pepper, will retry', { keys: moves.size }, error);
      this.#moves = new Map([...moves, ...this.#moves]);
    }
  }
}

/** What is not known of the newer use is that of the one before. */
function merge(known: KeyUse | undefined, { at, client, network }: KeyUse): KeyUse {
  return { at, client: client ?? known?.client ?? null, network: network ?? known?.network ?? null };
}
