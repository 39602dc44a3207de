import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The operator invites too, also owners; and whether an address is invited is asked at every first sign-in. */
export class InviteOwners1796100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE invitations
        ALTER COLUMN invited_by DROP NOT NULL,
        DROP CONSTRAINT invitations_role_check,
        ADD CONSTRAINT invitations_role_check
          CHECK (role IN ('admin', 'member', 'viewer') OR (role = 'owner' AND invited_by IS NULL))`);
    await runner.query('CREATE INDEX invitations_of_address ON invitations (lower(email))');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX invitations_of_address');
    await runner.query('DELETE FROM invitations WHERE invited_by IS NULL');
    await runner.query(`
      ALTER TABLE invitations
        ALTER COLUMN invited_by SET NOT NULL,
        DROP CONSTRAINT invitations_role_check,
        ADD CONSTRAINT invitations_role_check CHECK (role IN ('admin', 'member', 'viewer'))`);
  }
}
