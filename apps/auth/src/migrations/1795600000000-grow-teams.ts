import type { MigrationInterface, QueryRunner } from 'typeorm';

export class GrowTeams1795600000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE teams
        ADD standing text NOT NULL DEFAULT 'active' CHECK (standing IN ('active', 'suspended')),
        ADD suspension_reason text,
        ADD members_may_create_keys boolean NOT NULL DEFAULT true,
        ADD default_execution_policy text NOT NULL DEFAULT 'any' CHECK (default_execution_policy IN ('any', 'tee_only')),
        ADD leak_action text NOT NULL DEFAULT 'revoke' CHECK (leak_action IN ('revoke', 'disable')),
        ADD deleted_at timestamptz,
        ADD CONSTRAINT teams_suspension CHECK ((standing = 'suspended') = (suspension_reason IS NOT NULL))`);
    await runner.query(`
      CREATE TABLE memberships (
        team_id text NOT NULL REFERENCES teams (id),
        user_id text NOT NULL REFERENCES users (id),
        role text NOT NULL CHECK (role IN ('owner', 'admin', 'member', 'viewer')),
        joined_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (team_id, user_id)
      )`);
    await runner.query('CREATE INDEX memberships_of_user ON memberships (user_id, team_id)');
    await runner.query(`
      CREATE TABLE invitations (
        id uuid PRIMARY KEY,
        team_id text NOT NULL REFERENCES teams (id),
        email text NOT NULL,
        role text NOT NULL CHECK (role IN ('admin', 'member', 'viewer')),
        token_digest bytea NOT NULL CONSTRAINT invitations_token UNIQUE CHECK (octet_length(token_digest) = 32),
        invited_by text NOT NULL REFERENCES users (id),
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL
      )`);
    await runner.query('CREATE UNIQUE INDEX invitations_address ON invitations (team_id, lower(email))');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE invitations');
    await runner.query('DROP TABLE memberships');
    await runner.query(`
      ALTER TABLE teams
        DROP CONSTRAINT teams_suspension,
        DROP standing, DROP suspension_reason, DROP members_may_create_keys, DROP default_execution_policy,
        DROP leak_action, DROP deleted_at`);
  }
}
