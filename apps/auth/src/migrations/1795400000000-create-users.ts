import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateUsers1795400000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE users (
        id text PRIMARY KEY CHECK (id ~ '^user_[0-9a-f]{32}$'),
        iss text NOT NULL,
        sub text NOT NULL,
        email text NOT NULL,
        email_verified boolean NOT NULL,
        name text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        last_signed_in_at timestamptz,
        CONSTRAINT users_identity UNIQUE (iss, sub)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE users');
  }
}
