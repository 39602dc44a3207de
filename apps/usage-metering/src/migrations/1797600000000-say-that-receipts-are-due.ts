import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A receipt that is nowhere was lost with its router: the row says that there was to be one. */
export class SayThatReceiptsAreDue1797600000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE usage_rows ADD COLUMN receipt_due boolean NOT NULL DEFAULT false');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE usage_rows DROP COLUMN receipt_due');
  }
}
