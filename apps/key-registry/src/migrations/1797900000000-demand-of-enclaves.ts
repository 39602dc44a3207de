import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What teams demand of enclaves beyond what the deployment does, in the words of `x-ollm-require`. */
export class DemandOfEnclaves1797900000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE team_standings ADD COLUMN tee_demands text CHECK (length(tee_demands) <= 100)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE team_standings DROP COLUMN tee_demands');
  }
}
