import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was booked because of a webhook, so that it is told again to whoever had no time to write it down. */
export class RememberWhatWasTaken1797900000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE payment_events ADD COLUMN taken jsonb NOT NULL DEFAULT '[]'");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE payment_events DROP COLUMN taken');
  }
}
