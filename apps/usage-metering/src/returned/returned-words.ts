import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { ReturnedMessages, ServiceLog } from '@orgn/service-kit';
import { Repository } from 'typeorm';
import { UsageSettlement, witnessed, type Words } from '../usage/usage-settlement.ts';
import { ReturnedWordEntity } from './returned-word.entity.ts';

const LOOK_MS = 5_000;
/** Messages of up to a megabyte that are in memory at once. */
const MOST_AT_ONCE = 16;

/**
 * Settles the words that a restored backup brought along, like those that come from the stream: one that was settled before
 * the snapshot, or that the stream still holds, ends in the same row.
 */
@Injectable()
export class ReturnedWords implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #messages: ReturnedMessages<Words>;
  readonly #underWay = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;

  constructor(
    @InjectRepository(ReturnedWordEntity) private readonly words: Repository<ReturnedWordEntity>,
    private readonly log: ServiceLog,
    settlement: UsageSettlement,
  ) {
    this.#messages = new ReturnedMessages<Words>(settlement, witnessed, log);
  }

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.#look(), LOOK_MS).unref();
    void this.#look();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.#timer);
    await this.#messages.stop();
  }

  async #look(): Promise<void> {
    if (this.#isLooking || this.#underWay.size > 0) return;
    this.#isLooking = true;
    try {
      const found = await this.words.find({ order: { id: 'ASC' }, take: MOST_AT_ONCE });
      if (found.length > 0)
        this.log.info('usage words that a backup brought along are settled', { messages: found.length });
      for (const { id } of found) this.#underWay.add(id);
      for (const { id, subject, payload } of found) {
        this.#messages.add({ subject, data: Buffer.from(payload) }, () => void this.#forget(id));
      }
    } catch (error) {
      this.log.warn('returned usage words could not be read', {}, error);
    } finally {
      this.#isLooking = false;
    }
  }

  /** What could not be deleted is settled once more, to the same end. */
  async #forget(id: string): Promise<void> {
    await this.words.delete({ id }).catch((error: unknown) => {
      this.log.warn('a returned usage word could not be deleted', {}, error);
    });
    this.#underWay.delete(id);
    if (this.#underWay.size === 0) await this.#look();
  }
}
