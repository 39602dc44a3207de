import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateAuditEntries1795600100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audit_entries (
        id uuid PRIMARY KEY,
        at timestamptz NOT NULL DEFAULT now(),
        team_id text,
        actor_kind text NOT NULL CHECK (actor_kind IN ('user', 'operator', 'holder', 'scanner', 'system')),
        actor_id text CHECK ((actor_kind = 'user') = (actor_id IS NOT NULL)),
        action text NOT NULL,
        object_kind text NOT NULL,
        object_id text NOT NULL,
        before jsonb,
        after jsonb,
        client jsonb
      )`);
    await runner.query('CREATE INDEX audit_entries_of_team ON audit_entries (team_id, id)');
    await runner.query('CREATE INDEX audit_entries_of_object ON audit_entries (object_id, id)');
    // Append-only: not even this service can change what was written.
    await runner.query('REVOKE UPDATE, DELETE, TRUNCATE ON audit_entries FROM auth');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE audit_entries');
  }
}
