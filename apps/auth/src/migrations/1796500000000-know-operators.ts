import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which of the operators' groups the provider named at a sign-in. */
export class KnowOperators1796500000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE sessions ADD COLUMN operator_groups text[] NOT NULL DEFAULT '{}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sessions DROP COLUMN operator_groups');
  }
}
