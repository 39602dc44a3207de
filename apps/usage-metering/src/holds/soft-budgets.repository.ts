import { Injectable } from '@nestjs/common';
import { runPrepared, type PreparedStatement } from '@orgn/database';
import { DataSource } from 'typeorm';
import type { Limit } from './limit.ts';

/** How a budget that only warns stands, in nano-USD. */
export interface SoftStanding {
  spent: bigint;
  held: bigint;
  ends: Date | null;
}

interface StandingRow {
  spent: string;
  held: string;
  ends: Date | null;
}

const WATCH: PreparedStatement = {
  name: 'watch-scopes',
  text: 'SELECT spent, held, ends FROM watch_scopes($1, $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::bigint[]) ORDER BY place',
};

/** Scopes that only warn, in the books. */
@Injectable()
export class SoftBudgetsRepository {
  constructor(private readonly database: DataSource) {}

  /** Has the books count these, and reads what they say, in the same order. */
  async watch(team: string, limits: readonly Limit[]): Promise<SoftStanding[]> {
    const rows = await runPrepared<StandingRow>(this.database, WATCH, [
      team,
      limits.map(({ kind }) => kind),
      limits.map(({ subject }) => subject),
      limits.map(({ period }) => period),
      limits.map(({ startsAt }) => startsAt),
      limits.map(({ cap }) => String(cap ?? 0n)),
    ]);
    return rows.map(({ spent, held, ends }) => ({ spent: BigInt(spent), held: BigInt(held), ends }));
  }
}
