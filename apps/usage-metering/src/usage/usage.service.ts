import { Injectable } from '@nestjs/common';
import {
  usageChanged,
  usageEventId,
  usageSettled,
  type FormerUsageEvent,
  type listUsage,
  type ReplyOf,
  type RequestOf,
  type summarizeUsage,
  type UsageEvent,
  type UsageRow,
  type UsageWitness,
} from '@orgn/contracts';
import { Bus, ServiceLog } from '@orgn/service-kit';
import { foldWords, type UsageWord } from './fold-words.ts';
import { lowestRequestIdAt } from './request-id-time.ts';
import { idSize, inMessages, rowSize } from './settled-messages.ts';
import { SettlementMetrics } from './settlement-metrics.ts';
import { UsageRepository } from './usage.repository.ts';

@Injectable()
export class UsageService {
  constructor(
    private readonly rows: UsageRepository,
    private readonly bus: Bus,
    private readonly metrics: SettlementMetrics,
    private readonly log: ServiceLog,
  ) {}

  /**
   * Commits events to one row a request, then tells publishers and live views. Any order, repetition and split of the
   * same events ends in the same rows.
   * @param witness what kind of process spoke: the subject proves it, no event can
   */
  async settle(witness: UsageWitness, events: UsageEvent[]): Promise<void> {
    const words = events.map(({ data }) => ({ ...data, witness }));
    const ids = events.map(({ data }) => usageEventId(data, witness));
    await this.#commit(words, ids);
  }

  /** Commits what was said before words carried tickets. */
  async settleFormer(events: FormerUsageEvent[]): Promise<void> {
    await this.#commit(
      events.map(({ data }) => data),
      events.map(({ id }) => id),
    );
  }

  /** Totals of a team, of all time or of requests that began at `since` or later. */
  summarize({ teamId, since }: RequestOf<typeof summarizeUsage>): Promise<ReplyOf<typeof summarizeUsage>> {
    return this.rows.sumByTeam(teamId, lowestRequestIdAt(since === null ? 0 : Date.parse(since)));
  }

  /** A page of a team's rows, oldest request first. */
  async list({ teamId, cursor, limit }: RequestOf<typeof listUsage>): Promise<ReplyOf<typeof listUsage>> {
    // One row more than asked for says whether there is a next page.
    const found = await this.rows.findByTeam(teamId, cursor, limit + 1);
    const rows = found.slice(0, limit);
    return { rows, next: found.length > limit ? (rows.at(-1)?.requestId ?? null) : null };
  }

  async #commit(words: UsageWord[], eventIds: string[]): Promise<void> {
    const commitEnded = this.metrics.startCommit();
    const changed = await this.rows.keep(foldWords(words));
    commitEnded(words.length, changed.length);
    this.#announce(eventIds, changed);
  }

  /** The commit stands whatever happens here: a publisher that was not told repeats itself, and is told then. */
  #announce(ids: string[], changed: UsageRow[]): void {
    try {
      for (const eventIds of inMessages(ids, idSize)) this.bus.broadcast(usageSettled, { eventIds });
      for (const rows of inMessages(changed, rowSize)) this.bus.broadcast(usageChanged, { rows });
    } catch (error) {
      this.log.error('settled usage not announced', error, { events: ids.length });
    }
  }
}
