import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { runPrepared } from '@orgn/database';
import type { ReplyOf, RequestId, summarizeUsage, TeamId, UsageRow } from '@orgn/contracts';
import { MoreThan, Repository } from 'typeorm';
import { UsageMeteringConfig } from '../config.ts';
import { toArrayText } from './array-text.ts';
import { secondId } from './second-id.ts';
import { UsageRowEntity } from './usage-row.entity.ts';
import { toSafeNumber, toUsageRow, toWrittenRow } from './usage-row.ts';
import { KEEP, SECONDS, settledColumns, SUM_BY_TEAM, type KeptWord } from './usage.sql.ts';
import type { UsageWord } from './usage-word.ts';

type Totals = ReplyOf<typeof summarizeUsage>;

/** A row that a word has written: what is in it says the word. */
type Written = Pick<UsageRowEntity, 'requestId' | 'recordedAt'>;

/** Rows that are new or changed, and those among them that charge a request a second time. */
export interface Kept {
  changed: UsageRow[];
  doubled: UsageRow[];
}

@Injectable()
export class UsageRepository {
  constructor(
    @InjectRepository(UsageRowEntity) private readonly rows: Repository<UsageRowEntity>,
    private readonly config: UsageMeteringConfig,
  ) {}

  /**
   * Writes one row a word; a row of a higher or equal rank stays as it is. A second run under an id that has its row gets
   * one of its own. Needs words that `foldWords` made.
   */
  async keep(words: readonly UsageWord[]): Promise<Kept> {
    const [firsts, others] = splitById(words);
    const kept = await this.#keepDistinct(firsts);
    if (others.length === 0) return kept;
    const more = await this.keep(others);
    return { changed: [...kept.changed, ...more.changed], doubled: [...kept.doubled, ...more.doubled] };
  }

  /** @param since ISO 8601 */
  async sumByTeam(teamId: TeamId, since: string): Promise<Totals> {
    const [sums] = await this.rows.query<[Record<keyof Omit<Totals, 'totalNanoUsd'>, string>]>(SUM_BY_TEAM, [
      teamId,
      since,
    ]);
    return {
      requests: toSafeNumber(sums.requests),
      promptTokens: toSafeNumber(sums.promptTokens),
      completionTokens: toSafeNumber(sums.completionTokens),
      costNanoUsd: toSafeNumber(sums.costNanoUsd),
      totalNanoUsd: sums.costNanoUsd,
    };
  }

  /** Up to `limit` rows of a team after `cursor`, in the order of request ids. */
  async findByTeam(teamId: TeamId, cursor: RequestId | null, limit: number): Promise<UsageRow[]> {
    const where = { teamId, ...(cursor !== null && { requestId: MoreThan(cursor) }) };
    const found = await this.rows.find({ where, order: { requestId: 'ASC' }, take: limit });
    return found.map(toUsageRow);
  }

  /** Whether a request of the team's was to leave a receipt. */
  isReceiptDue(teamId: TeamId, requestId: RequestId): Promise<boolean> {
    return this.rows.existsBy({ teamId, requestId, receiptDue: true });
  }

  async #keepDistinct(words: readonly UsageWord[]): Promise<Kept> {
    const changed = await this.#write(words.map((word) => ({ ...word, secondOf: null, billing: this.config.BILLING })));
    const written = new Set(changed.map(({ requestId }) => requestId));
    // What changed no row was said before, or is outranked, or belongs to another run than the row.
    const idle = words.filter(({ requestId, witness }) => witness === 'router' && !written.has(lower(requestId)));
    const taken = await this.#takenIds(idle);
    if (taken.size === 0) return { changed, doubled: [] };
    const seconds = idle
      .filter(({ requestId }) => taken.has(lower(requestId)))
      .map((word) => ({ ...toSecond(word), billing: this.config.BILLING }));
    const rows = await this.#write(seconds);
    const doubled = rows.filter(({ secondOf, outcome }) => outcome !== 'withheld' && taken.get(secondOf ?? ''));
    return { changed: [...changed, ...rows], doubled };
  }

  async #write(words: readonly KeptWord[]): Promise<UsageRow[]> {
    if (words.length === 0) return [];
    const columns = settledColumns.map(([, type, valueOf]) => toArrayText(type, words.map(valueOf)));
    const changed = await runPrepared<Written>(this.rows.manager.dataSource, KEEP, columns);
    const byId = new Map(words.map((word) => [lower(word.requestId), word]));
    return changed.flatMap(({ requestId, recordedAt }) => {
      const word = byId.get(requestId);
      return word ? [toWrittenRow(word, recordedAt)] : [];
    });
  }

  /** The ids whose row is of another run than their word; `true`: that run is charged. */
  async #takenIds(words: readonly UsageWord[]): Promise<Map<string, boolean>> {
    if (words.length === 0) return new Map();
    const columns = [
      words.map(({ requestId }) => requestId),
      words.map(({ instance }) => instance),
      words.map(({ keyId }) => keyId),
      words.map(({ startedAt }) => new Date(startedAt)),
    ];
    const rows = await runPrepared<{ id: string; isCharged: boolean }>(this.rows.manager.dataSource, SECONDS, columns);
    return new Map(rows.map(({ id, isCharged }) => [id, isCharged]));
  }
}

/** The first word of each request, and what else was said: one statement touches a row once. */
function splitById(words: readonly UsageWord[]): [firsts: UsageWord[], others: UsageWord[]] {
  const seen = new Set<string>();
  const isFirst = words.map(({ requestId }) => {
    const id = lower(requestId);
    return !seen.has(id) && Boolean(seen.add(id));
  });
  return [words.filter((_, index) => isFirst[index]), words.filter((_, index) => !isFirst[index])];
}

function toSecond(word: UsageWord): Omit<KeptWord, 'billing'> {
  return { ...word, requestId: secondId(word) as RequestId, secondOf: word.requestId };
}

/** As the database writes ids. */
function lower(id: RequestId): RequestId {
  return id.toLowerCase() as RequestId;
}
