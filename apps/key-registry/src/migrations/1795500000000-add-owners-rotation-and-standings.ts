import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AddOwnersRotationAndStandings1795500000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE api_keys
        ADD COLUMN created_by text CHECK (created_by ~ '^user_[0-9a-f]{32}$'),
        ADD COLUMN owner_id text CHECK (owner_id ~ '^user_[0-9a-f]{32}$'),
        ADD COLUMN ip_allow_list text[] CHECK (cardinality(ip_allow_list) BETWEEN 1 AND 64),
        ADD COLUMN budgets jsonb CHECK (jsonb_typeof(budgets) = 'object' AND budgets <> '{}'),
        ADD COLUMN rpm integer CHECK (rpm >= 1),
        ADD COLUMN tpm integer CHECK (tpm >= 1),
        ADD COLUMN suspended_at timestamptz,
        ADD COLUMN replaces text CONSTRAINT api_keys_replaces_key UNIQUE CHECK (replaces <> id),
        ADD COLUMN replaced_by text CHECK (replaced_by <> id),
        ADD COLUMN generation integer NOT NULL DEFAULT 0 CHECK (generation >= 0),
        ADD COLUMN grace_seconds integer CHECK (grace_seconds >= 0),
        ADD CONSTRAINT api_keys_follows_another CHECK ((generation = 0) = (replaces IS NULL)),
        ADD CONSTRAINT api_keys_ends_once_replaced CHECK (replaced_by IS NULL OR expires_at IS NOT NULL),
        ADD CONSTRAINT api_keys_grace_of_replaced CHECK (grace_seconds IS NULL OR replaced_by IS NOT NULL)`);
    // A name is free again once its key has expired, which no index can say: whoever names a key holds its team's lock.
    await runner.query('DROP INDEX api_keys_name_key');
    await runner.query(`CREATE INDEX api_keys_name ON api_keys (team_id, lower(name))
      WHERE revoked_at IS NULL AND replaced_by IS NULL`);
    await runner.query('CREATE INDEX api_keys_awaiting_use ON api_keys (lineage_id) WHERE grace_seconds IS NOT NULL');
    await runner.query(`
      CREATE TABLE team_standings (
        team_id text PRIMARY KEY CHECK (team_id ~ '^team_[a-z0-9_-]{3,60}$'),
        standing text NOT NULL CHECK (standing IN ('active', 'suspended', 'closed')),
        changed_at timestamptz NOT NULL
      )`);
  }

  /** Fails while a name belongs to two keys that are not revoked: the schema before this one has no place for them. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE team_standings');
    await runner.query('DROP INDEX api_keys_name');
    await runner.query(
      'CREATE UNIQUE INDEX api_keys_name_key ON api_keys (team_id, lower(name)) WHERE revoked_at IS NULL',
    );
    const columns = ['created_by', 'owner_id', 'ip_allow_list', 'budgets', 'rpm', 'tpm', 'suspended_at'];
    const rotation = ['replaces', 'replaced_by', 'generation', 'grace_seconds'];
    const drops = [...columns, ...rotation].map((name) => `DROP COLUMN ${name}`);
    await runner.query(`ALTER TABLE api_keys ${drops.join(', ')}`);
  }
}
