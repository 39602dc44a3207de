import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateLeakReports1795600200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE leak_reports (
        fingerprint bytea PRIMARY KEY CHECK (octet_length(fingerprint) = 32),
        key_id text NOT NULL,
        acted_at timestamptz NOT NULL DEFAULT now()
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE leak_reports');
  }
}
