import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A grant may stand for a key of whoever it is for: its request is that key's then. */
export class LetGrantsStandForKeys1797800000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE grants ADD COLUMN as_key text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE grants DROP COLUMN as_key');
  }
}
