import { Injectable } from '@nestjs/common';
import type { KeyId, TeamId, UsageSums } from '@orgn/contracts';
import { DataSource } from 'typeorm';
import { toSafeNumber } from '../usage/usage-row.ts';
import { DAILY, reportOf, type Cut, type Range, type sumColumns } from './report.sql.ts';

type SumsRow = Record<(typeof sumColumns)[number], string>;

interface ReportRow extends SumsRow {
  kind: 'total' | 'before' | 'group' | 'series';
  name: string | null;
  at: Date | null;
}

export interface Sums {
  total: UsageSums;
  before: UsageSums;
  groups: { name: string; sums: UsageSums }[];
  series: { at: Date; name: string | null; sums: UsageSums }[];
}

/** Reads of the sums that are kept by the hour and by the day. */
@Injectable()
export class ReportsRepository {
  constructor(private readonly database: DataSource) {}

  /**
   * All parts of a report, of one moment's state.
   * @param before the range to compare with
   */
  async report(range: Range, before: Range, cut: Cut): Promise<Sums> {
    const { text, values } = reportOf(range, before, cut);
    const rows = await this.database.query<ReportRow[]>(text, values);
    const ofKind = (kind: ReportRow['kind']) => rows.filter((row) => row.kind === kind);
    return {
      total: toSums(ofKind('total')[0]),
      before: toSums(ofKind('before')[0]),
      groups: ofKind('group').map((row) => ({ name: row.name as string, sums: toSums(row) })),
      series: ofKind('series').map((row) => ({ at: row.at as Date, name: row.name, sums: toSums(row) })),
    };
  }

  /** Requests of each key on each day since `from`; days without any are left out. */
  daily(teamId: TeamId, keyIds: readonly KeyId[], from: Date): Promise<{ keyId: KeyId; at: Date; requests: string }[]> {
    return this.database.query(DAILY, [teamId, keyIds, from]);
  }
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
