import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreatePendingSignIns1795510000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE pending_sign_ins (
        state_hash bytea PRIMARY KEY,
        browser_hash bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        sealed bytea NOT NULL
      )`);
    await runner.query('CREATE INDEX pending_sign_ins_browser ON pending_sign_ins (browser_hash, created_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE pending_sign_ins');
  }
}
