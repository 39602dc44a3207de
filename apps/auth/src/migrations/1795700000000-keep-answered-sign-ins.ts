import type { MigrationInterface, QueryRunner } from 'typeorm';

export class KeepAnsweredSignIns1795700000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // An answered sign-in is remembered for a while, so that a second answer to it can be told what it is.
    await runner.query('ALTER TABLE pending_sign_ins ADD COLUMN answered_at timestamptz');
    // Null: the provider does not say when the person proved who they are.
    await runner.query('ALTER TABLE sessions ALTER COLUMN authenticated_at DROP NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`UPDATE sessions SET authenticated_at = 'epoch' WHERE authenticated_at IS NULL`);
    await runner.query('ALTER TABLE sessions ALTER COLUMN authenticated_at SET NOT NULL');
    await runner.query('ALTER TABLE pending_sign_ins DROP COLUMN answered_at');
  }
}
