import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateSessions1795500000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sessions (
        id text PRIMARY KEY CHECK (id ~ '^session_[0-9a-f]{32}$'),
        secret_hash bytea NOT NULL UNIQUE CHECK (octet_length(secret_hash) = 32),
        user_id text NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        iss text NOT NULL,
        sub text NOT NULL,
        sid text,
        created_at timestamptz NOT NULL DEFAULT now(),
        last_seen_at timestamptz NOT NULL DEFAULT now(),
        authenticated_at timestamptz NOT NULL,
        id_token_sealed bytea,
        client_address text,
        client_user_agent text NOT NULL
      )`);
    await runner.query('CREATE INDEX sessions_user ON sessions (user_id)');
    // The provider names what to end by one of these.
    await runner.query('CREATE INDEX sessions_iss_sid ON sessions (iss, sid)');
    await runner.query('CREATE INDEX sessions_iss_sub ON sessions (iss, sub)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sessions');
  }
}
