import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateTeams1795300000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE teams (
        id text PRIMARY KEY CHECK (id ~ '^team_[a-z0-9_-]{3,60}$'),
        name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 80),
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE teams');
  }
}
