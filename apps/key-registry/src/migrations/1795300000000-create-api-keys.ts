import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateApiKeys1795300000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE api_keys (
        id text PRIMARY KEY CHECK (id ~ '^key_[0-9a-f]{32}$'),
        digest bytea NOT NULL CONSTRAINT api_keys_digest_key UNIQUE CHECK (octet_length(digest) = 32),
        digest_kid text NOT NULL CHECK (digest_kid ~ '^[a-z0-9_-]{1,32}$'),
        team_id text NOT NULL CHECK (team_id ~ '^team_[a-z0-9_-]{3,60}$'),
        name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 64),
        hint text NOT NULL CHECK (char_length(hint) BETWEEN 1 AND 32),
        models text[] CHECK (cardinality(models) BETWEEN 1 AND 256),
        execution_policy text NOT NULL CHECK (execution_policy IN ('any', 'tee_only')),
        expires_at timestamptz,
        disabled_at timestamptz,
        revoked_at timestamptz,
        revocation_reason text CHECK (revocation_reason IN ('rotated', 'leaked', 'unused', 'other')),
        created_at timestamptz NOT NULL DEFAULT now(),
        last_used_at timestamptz,
        lineage_id text NOT NULL CHECK (lineage_id ~ '^key_[0-9a-f]{32}$'),
        CONSTRAINT api_keys_expires_after_creation CHECK (expires_at > created_at),
        CONSTRAINT api_keys_revoked_for_a_reason CHECK ((revoked_at IS NULL) = (revocation_reason IS NULL))
      ) WITH (fillfactor = 85)`);
    await runner.query(
      'CREATE UNIQUE INDEX api_keys_name_key ON api_keys (team_id, lower(name)) WHERE revoked_at IS NULL',
    );
    await runner.query('CREATE INDEX api_keys_newest_of_team ON api_keys (team_id, created_at DESC, id DESC)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE api_keys');
  }
}
