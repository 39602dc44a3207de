import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Grants for one request of a person's playground each. */
export class IssueGrants1796400000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE grants (
        id text PRIMARY KEY CHECK (id ~ '^key_[0-9a-f]{32}$'),
        digest bytea NOT NULL CONSTRAINT grants_digest_key UNIQUE CHECK (octet_length(digest) = 32),
        request_id uuid NOT NULL CONSTRAINT grants_request_key UNIQUE,
        session_id text NOT NULL,
        team_id text NOT NULL,
        owner_id text NOT NULL,
        execution_policy text NOT NULL CHECK (execution_policy IN ('any', 'tee_only')),
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        ended_at timestamptz
      )`);
    await runner.query('CREATE INDEX grants_session ON grants (session_id) WHERE ended_at IS NULL');
    await runner.query('CREATE INDEX grants_age ON grants (expires_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE grants');
  }
}
