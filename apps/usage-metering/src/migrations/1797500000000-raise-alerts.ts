import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Alerts of limits that are nearly used up: one open for each limit and share. */
export class RaiseAlerts1797500000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE alert_settings (
        team_id text PRIMARY KEY,
        percents int[] NOT NULL CHECK (cardinality(percents) <= 10)
      )`);
    // What a balance was when money last came in: of that it is told how much is used.
    await runner.query(`
      CREATE TABLE balance_marks (
        team_id text PRIMARY KEY,
        base_nano_usd bigint NOT NULL CHECK (base_nano_usd >= 0),
        money_id bigint NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE alerts (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        team_id text NOT NULL,
        kind text NOT NULL,
        subject text NOT NULL,
        period text NOT NULL,
        starts_at timestamptz NOT NULL,
        percent int NOT NULL,
        limit_nano_usd bigint NOT NULL,
        used_nano_usd bigint NOT NULL,
        opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        closed_at timestamptz,
        told_at timestamptz
      )`);
    await runner.query(`CREATE UNIQUE INDEX alerts_open ON alerts (team_id, kind, subject, period, starts_at, percent)
      WHERE closed_at IS NULL`);
    await runner.query('CREATE INDEX alerts_team ON alerts (team_id, opened_at DESC)');
    await runner.query('CREATE INDEX alerts_untold ON alerts (id) WHERE told_at IS NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['alerts', 'balance_marks', 'alert_settings']) await runner.query(`DROP TABLE ${table}`);
  }
}
