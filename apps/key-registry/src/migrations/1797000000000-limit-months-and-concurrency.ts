import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether keys see their team's balance, budgets of teams and members by the month, budgets that only warn, and how many requests of a lineage may run at a time. */
export class LimitMonthsAndConcurrency1797000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE api_keys
        ADD COLUMN soft_budgets text[] NOT NULL DEFAULT '{}' CHECK (soft_budgets <@ ARRAY['total', 'day', 'week', 'month']),
        ADD COLUMN concurrency integer CHECK (concurrency >= 1)`);
    // A member of no name is the team itself.
    await runner.query(`
      CREATE TABLE monthly_budgets (
        team_id text NOT NULL,
        member_id text NOT NULL,
        usd text NOT NULL CHECK (usd ~ '^[0-9]{1,9}([.][0-9]{1,9})?$'),
        is_soft boolean NOT NULL,
        changed_at timestamptz NOT NULL DEFAULT statement_timestamp(),
        PRIMARY KEY (team_id, member_id)
      )`);
    await runner.query('ALTER TABLE team_standings ADD COLUMN shows_balance boolean NOT NULL DEFAULT false');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE monthly_budgets');
    await runner.query('ALTER TABLE team_standings DROP COLUMN shows_balance');
    await runner.query('ALTER TABLE api_keys DROP COLUMN soft_budgets, DROP COLUMN concurrency');
  }
}
