import { Injectable } from '@nestjs/common';
import { usageEventId, type FormerUsageEvent, type UsageEvent, type UsageWitness } from '@orgn/contracts';
import { PriceList, type AppliedPrice } from '../prices/price-list.ts';
import { foldWords } from './fold-words.ts';
import { SettledNews } from './settled-news.ts';
import { UsageRepository } from './usage.repository.ts';
import { toStorableText } from './usage.sql.ts';
import type { UsageWord } from './usage-word.ts';
import { WordProof } from './word-proof.ts';

/** The one place that writes usage rows. */
@Injectable()
export class SettlingService {
  constructor(
    private readonly proof: WordProof,
    private readonly prices: PriceList,
    private readonly rows: UsageRepository,
    private readonly news: SettledNews,
  ) {}

  /**
   * Commits events to one row a request, then tells publishers and live views. Any order, repetition and split of the
   * same events ends in the same charges. What no ticket proves goes to quarantine instead, and is settled with that.
   * @param witness what kind of process spoke: the subject proves it, no event can
   */
  async settle(witness: UsageWitness, events: UsageEvent[]): Promise<void> {
    const words = await this.proof.sift(witness, events);
    await this.#commit(
      words,
      events.map(({ data }) => usageEventId(data, witness)),
    );
  }

  /**
   * Commits those of these words whose price is known by now. They were told to be settled when they began to wait.
   * @returns which of them
   */
  async settleWaiting(witness: UsageWitness, events: UsageEvent[]): Promise<boolean[]> {
    if (events.length === 0) return [];
    const words = await this.proof.priced(witness, events);
    const known = words.filter((word) => word !== undefined);
    if (known.length > 0) await this.#commit(known, []);
    return words.map((word) => word !== undefined);
  }

  /** Commits what was said before words carried tickets, and before anybody else was kept from saying it. */
  async settleFormer(events: FormerUsageEvent[]): Promise<void> {
    const nobody = { instance: null, ownerId: null, lineageId: null, source: 'api', hold: null } as const;
    await this.#commit(
      events.map(({ data }) => ({ ...data, ...nobody })),
      events.map(({ id }) => id),
    );
  }

  async #commit(words: UsageWord[], eventIds: string[]): Promise<void> {
    const commitEnded = this.news.startCommit();
    // First, so that no row is without the price that it was charged by.
    await this.prices.keep(words.flatMap(toApplied));
    const { changed, doubled } = await this.rows.keep(foldWords(words));
    commitEnded(eventIds.length, changed.length);
    this.news.alarm(doubled);
    this.news.announceHolds(words);
    this.news.announce(eventIds, changed);
  }
}

function toApplied({ price, priceVersion, model, witness }: UsageWord): AppliedPrice[] {
  return price ? [{ version: toStorableText(priceVersion), model: toStorableText(model), price, witness }] : [];
}
