import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which kind of witness a listed price is known from: a router knows it, a gateway repeats it. */
export class SayWhoListedPrices1795900000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE listed_prices ADD COLUMN listed_by text NOT NULL DEFAULT 'gateway'");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE listed_prices DROP COLUMN listed_by');
  }
}
