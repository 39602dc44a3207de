import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Rows that a bill can be made from again: every count that prices depend on, whose key it was, and the price lists
 * themselves. `started_at` is from here on when the database admitted the request. What cannot be settled has a place of
 * its own. Columns are empty where rows were written before.
 */
export class KeepHonestRows1795800000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE usage_rows ${added.map((column) => `ADD COLUMN ${column}`).join(', ')}`);
    await runner.query('CREATE INDEX usage_rows_team_time ON usage_rows (team_id, started_at)');
    await runner.query(PRICES);
    await runner.query(QUARANTINE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE quarantined_words');
    await runner.query('DROP TABLE listed_prices');
    await runner.query('DROP INDEX usage_rows_team_time');
    const names = added.map((column) => column.split(' ')[0] ?? '');
    await runner.query(`ALTER TABLE usage_rows ${names.map((name) => `DROP COLUMN ${name}`).join(', ')}`);
  }
}

const added = [
  'owner_id text',
  'lineage_id text',
  'instance text',
  'cached_tokens bigint',
  'cache_write_tokens bigint',
  'reasoning_tokens bigint',
  'images bigint',
  'audio_seconds bigint',
  'search_units bigint',
  'requests bigint',
  'claims jsonb',
  'second_of uuid',
];

/** A model's price in one version of the catalogue. */
const PRICES = `
  CREATE TABLE listed_prices (
    version text NOT NULL,
    model text NOT NULL,
    price jsonb NOT NULL,
    listed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (version, model)
  )`;

/** The id is a digest of the word, so that one that is said again is kept once. The payload is JSON, null where there is none. */
const QUARANTINE = `
  CREATE TABLE quarantined_words (
    id text PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    reason text NOT NULL,
    witness text,
    subject text NOT NULL,
    payload text
  )`;
