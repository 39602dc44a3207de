import { Injectable } from '@nestjs/common';
import type { ReplyOf, RequestOf, tellMonth, tellSpend, UserId, WindowSpend } from '@orgn/contracts';
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

/** A month of a team ('' in the place of a member) and of some members. */
const MONTH = `
  WITH now AS (SELECT date_trunc('month', clock_timestamp(), 'UTC') AS month),
  spent AS (
    SELECT d.member, sum(d.spent_nano_usd) AS amount FROM spend_days d, now WHERE d.team_id = $1 AND d.day >= now.month GROUP BY 1
  )
  SELECT w.subject, CASE w.subject WHEN '' THEN (SELECT coalesce(sum(amount), 0) FROM spent)
      ELSE (SELECT coalesce(sum(amount), 0) FROM spent WHERE member = w.subject) END::bigint::text AS "spentNanoUsd",
    coalesce(s.held_nano_usd, 0)::text AS "heldNanoUsd", now.month + interval '1 month' AS "resetsAt"
  FROM now CROSS JOIN unnest(array_prepend('', $2::text[])) AS w (subject)
  LEFT JOIN budget_scopes s ON s.team_id = $1 AND s.kind = CASE w.subject WHEN '' THEN 'team' ELSE 'member' END
    AND s.subject = w.subject AND s.period = 'month' AND s.starts_at = now.month`;

interface MonthRow {
  subject: UserId | '';
  spentNanoUsd: string;
  heldNanoUsd: string;
  resetsAt: Date;
}

/** What keys, members and teams have spent, from the books. */
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

  async findMonth({ teamId, memberIds }: RequestOf<typeof tellMonth>): Promise<ReplyOf<typeof tellMonth>> {
    const rows = await this.database.query<MonthRow[]>(MONTH, [teamId, memberIds]);
    const spends = rows.map(({ subject, spentNanoUsd, heldNanoUsd }) => ({ subject, spentNanoUsd, heldNanoUsd }));
    const ofTeam = spends.find(({ subject }) => subject === '');
    const members = spends.flatMap(({ subject, ...spend }) => (subject === '' ? [] : [{ userId: subject, ...spend }]));
    const resetsAt = rows[0]?.resetsAt ?? new Date(0);
    return { team: ofTeam ?? { spentNanoUsd: '0', heldNanoUsd: '0' }, members, resetsAt: resetsAt.toISOString() };
  }
}
