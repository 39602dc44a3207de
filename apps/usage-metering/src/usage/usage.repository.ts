import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import {
  ServiceError,
  usageRank,
  type ReplyOf,
  type RequestId,
  type summarizeUsage,
  type TeamId,
  type UsageRow,
} from '@orgn/contracts';
import { MoreThan, Repository } from 'typeorm';
import type { UsageWord } from './fold-words.ts';
import { UsageRowEntity } from './usage-row.entity.ts';

type Totals = ReplyOf<typeof summarizeUsage>;

@Injectable()
export class UsageRepository {
  constructor(@InjectRepository(UsageRowEntity) private readonly rows: Repository<UsageRowEntity>) {}

  /**
   * Writes one row a word, in one transaction; a row of a higher or equal rank stays as it is. Needs words on distinct
   * requests. Answers the rows that are new or changed.
   */
  async keep(words: readonly UsageWord[]): Promise<UsageRow[]> {
    if (words.length === 0) return [];
    const columns = settledColumns.map(([, , valueOf]) => words.map(valueOf));
    const changed: UsageRowEntity[] = await this.rows.query(KEEP, columns);
    return changed.map(toUsageRow);
  }

  async sumByTeam(teamId: TeamId, firstId: string): Promise<Totals> {
    const [sums] = await this.rows.query<[Record<keyof Totals, string>]>(SUM_BY_TEAM, [teamId, firstId]);
    return {
      requests: toSafeNumber(sums.requests),
      promptTokens: toSafeNumber(sums.promptTokens),
      completionTokens: toSafeNumber(sums.completionTokens),
      costNanoUsd: toSafeNumber(sums.costNanoUsd),
    };
  }

  /** Up to `limit` rows of a team after `cursor`, in the order of request ids. */
  async findByTeam(teamId: TeamId, cursor: RequestId | null, limit: number): Promise<UsageRow[]> {
    const where = { teamId, ...(cursor !== null && { requestId: MoreThan(cursor) }) };
    const found = await this.rows.find({ where, order: { requestId: 'ASC' }, take: limit });
    return found.map(toUsageRow);
  }
}

type ColumnValue = string | number | boolean | Date;

/** What a word writes: column, element type and value. One array a column keeps any batch within one statement. */
const settledColumns: [name: string, type: string, valueOf: (word: UsageWord) => ColumnValue][] = [
  ['request_id', 'uuid', (word) => word.requestId],
  ['team_id', 'text', (word) => word.teamId],
  ['key_id', 'text', (word) => word.keyId],
  ['model', 'text', (word) => toStorableText(word.model)],
  ['provider', 'text', (word) => toStorableText(word.provider)],
  ['execution', 'text', (word) => word.execution],
  ['outcome', 'text', (word) => word.outcome],
  ['counted_by', 'text', (word) => word.countedBy],
  ['witness', 'text', (word) => word.witness],
  ['streamed', 'boolean', (word) => word.streamed],
  ['prompt_tokens', 'bigint', (word) => word.promptTokens],
  ['completion_tokens', 'bigint', (word) => word.completionTokens],
  ['cost_nano_usd', 'bigint', (word) => word.costNanoUsd],
  ['price_version', 'text', (word) => toStorableText(word.priceVersion)],
  ['started_at', 'timestamptz', (word) => new Date(word.startedAt)],
  ['duration_ms', 'bigint', (word) => word.durationMs],
  ['rank', 'smallint', usageRank],
];

const names = settledColumns.map(([name]) => name);
const arrays = settledColumns.map(([, type], index) => `$${index + 1}::${type}[]`);
const replaced = [...names.filter((name) => name !== 'request_id'), 'recorded_at'];

/** Its own transaction: one statement. The clock is the database's. */
const KEEP = `
  INSERT INTO usage_rows (${names.join(', ')}, recorded_at)
  SELECT word.*, clock_timestamp() FROM unnest(${arrays.join(', ')}) AS word
  ON CONFLICT (request_id) DO UPDATE SET ${replaced.map((name) => `${name} = excluded.${name}`).join(', ')}
  WHERE excluded.rank > usage_rows.rank
  RETURNING ${[...names, 'recorded_at'].map((name) => `${name} AS "${toProperty(name)}"`).join(', ')}`;

const SUM_BY_TEAM = `
  SELECT count(*) AS requests, coalesce(sum(prompt_tokens), 0) AS "promptTokens",
    coalesce(sum(completion_tokens), 0) AS "completionTokens", coalesce(sum(cost_nano_usd), 0) AS "costNanoUsd"
  FROM usage_rows WHERE team_id = $1 AND request_id >= $2`;

function toProperty(column: string): string {
  return column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Postgres text takes no NUL: one such event would fail its batch, and so hold up all others for ever. */
function toStorableText(text: string): string {
  return text.replaceAll('\0', '\uFFFD');
}

function toUsageRow({ rank: _, ...row }: UsageRowEntity): UsageRow {
  return {
    ...row,
    promptTokens: toSafeNumber(row.promptTokens),
    completionTokens: toSafeNumber(row.completionTokens),
    costNanoUsd: toSafeNumber(row.costNanoUsd),
    durationMs: toSafeNumber(row.durationMs),
    startedAt: row.startedAt.toISOString(),
    recordedAt: row.recordedAt.toISOString(),
  };
}

/** @throws ServiceError `internal` for a number that JSON would round: no answer is better than a wrong one */
function toSafeNumber(digits: string): number {
  const value = Number(digits);
  if (!Number.isSafeInteger(value)) throw new ServiceError('internal', 'A total is too large to be shown exactly.');
  return value;
}
