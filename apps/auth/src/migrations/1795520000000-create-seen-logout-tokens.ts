import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateSeenLogoutTokens1795520000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE seen_logout_tokens (
        jti_hash bytea PRIMARY KEY,
        seen_at timestamptz NOT NULL DEFAULT now()
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE seen_logout_tokens');
  }
}
