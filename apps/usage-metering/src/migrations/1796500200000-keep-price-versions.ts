import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What models cost by metering's own file, in every version of it; and words that wait for a price. */
export class KeepPriceVersions1796500200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE price_versions (
        model text NOT NULL,
        digest text NOT NULL,
        price jsonb NOT NULL,
        valid_from timestamptz,
        valid_until timestamptz,
        listed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (model, digest)
      )`);
    await runner.query(`
      CREATE TABLE waiting_words (
        id text PRIMARY KEY,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        witness text NOT NULL CHECK (witness IN ('router', 'gateway')),
        payload text NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE waiting_words');
    await runner.query('DROP TABLE price_versions');
  }
}
