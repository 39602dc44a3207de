import { Injectable } from '@nestjs/common';
import type { KeyId, TeamId, UsageDimension, UsageSums } from '@orgn/contracts';
import { DataSource, type EntityManager } from 'typeorm';
import { toSafeNumber } from '../usage/usage-row.ts';
import { groupsOf, seriesOf, totalOf, type Range, type Statement, type sumColumns } from './report.sql.ts';

type SumsRow = Record<(typeof sumColumns)[number], string>;

export interface Sums {
  total: UsageSums;
  before: UsageSums;
  groups: { name: string; sums: UsageSums }[];
  series: { at: Date; name: string | null; sums: UsageSums }[];
}

const DAILY = `
  SELECT key AS "keyId", at, sum(requests) AS requests FROM usage_days
  WHERE team_id = $1 AND key = ANY ($2::text[]) AND at >= $3 GROUP BY 1, 2`;

/** Reads of the sums that are kept by the hour and by the day. */
@Injectable()
export class ReportsRepository {
  constructor(private readonly database: DataSource) {}

  /**
   * All parts of a report, read from one moment's state: what is shown by group and by time adds up to the total.
   * @param before the range to compare with
   * @param drawn how many groups have a series of their own
   */
  report(range: Range, before: Range, by: UsageDimension, limits: { groups: number; drawn: number }): Promise<Sums> {
    return this.database.transaction('REPEATABLE READ', async (manager) => {
      await manager.query('SET TRANSACTION READ ONLY');
      const [total] = await ask<SumsRow>(manager, totalOf(range));
      const [former] = await ask<SumsRow>(manager, totalOf(before));
      const groups = await ask<SumsRow & { name: string }>(manager, groupsOf(range, by, limits.groups));
      const drawn = groups.slice(0, limits.drawn).map(({ name }) => name);
      const series = await ask<SumsRow & { at: Date; name: string | null }>(manager, seriesOf(range, by, drawn));
      return {
        total: toSums(total),
        before: toSums(former),
        groups: groups.map((row) => ({ name: row.name, sums: toSums(row) })),
        series: series.map((row) => ({ at: row.at, name: row.name, sums: toSums(row) })),
      };
    });
  }

  /** Requests of each key on each day since `from`; days without any are left out. */
  daily(teamId: TeamId, keyIds: readonly KeyId[], from: Date): Promise<{ keyId: KeyId; at: Date; requests: string }[]> {
    return this.database.query(DAILY, [teamId, keyIds, from]);
  }
}

function ask<R>(manager: EntityManager, { text, values }: Statement): Promise<R[]> {
  return manager.query<R[]>(text, values);
}

function toSums(row: SumsRow | undefined): UsageSums {
  const of = (name: (typeof sumColumns)[number]) => toSafeNumber(row?.[name] ?? '0');
  return {
    requests: of('requests'),
    failed: of('failed'),
    cancelled: of('cancelled'),
    withheld: of('withheld'),
    promptTokens: of('prompt_tokens'),
    completionTokens: of('completion_tokens'),
    costNanoUsd: of('cost_nano_usd'),
  };
}
