import { Injectable } from '@nestjs/common';
import type { ReplyOf, RequestOf, tellSpend, WindowSpend } from '@orgn/contracts';
import { DataSource } from 'typeorm';

/** What was spent by the day is what budgets begin with, so these are the same figures. */
const SPEND = `
  SELECT w.period, sum(coalesce(d.spent_nano_usd, 0))::bigint::text AS "spentNanoUsd", coalesce(max(s.held_nano_usd), 0)::text AS "heldNanoUsd",
    CASE w.period WHEN 'total' THEN NULL ELSE w.starts_at + ('1 ' || w.period)::interval END AT TIME ZONE 'UTC' AS "resetsAt"
  FROM (SELECT period, CASE period WHEN 'total' THEN to_timestamp(0) AT TIME ZONE 'UTC'
      ELSE date_trunc(period, clock_timestamp() AT TIME ZONE 'UTC') END AS starts_at
    FROM unnest(ARRAY['day', 'week', 'month', 'total']) AS period) AS w
  LEFT JOIN spend_days d ON d.team_id = $1 AND d.lineage = $2 AND d.day >= w.starts_at AT TIME ZONE 'UTC'
  LEFT JOIN budget_scopes s ON s.team_id = $1 AND s.kind = 'lineage' AND s.subject = $2 AND s.period = w.period
    AND s.starts_at = w.starts_at AT TIME ZONE 'UTC'
  GROUP BY w.period, w.starts_at ORDER BY array_position(ARRAY['day', 'week', 'month', 'total'], w.period)`;

/** What keys have spent, from the books. */
@Injectable()
export class SpendRepository {
  constructor(private readonly database: DataSource) {}

  async find({ teamId, lineageId }: RequestOf<typeof tellSpend>): Promise<ReplyOf<typeof tellSpend>> {
    const rows = await this.database.query<(Omit<WindowSpend, 'resetsAt'> & { resetsAt: Date | null })[]>(SPEND, [
      teamId,
      lineageId,
    ]);
    return { windows: rows.map((row) => ({ ...row, resetsAt: row.resetsAt?.toISOString() ?? null })) };
  }
}
