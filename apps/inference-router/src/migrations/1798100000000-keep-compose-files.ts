import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an enclave runs, beside its hash: whoever is to approve a new one reads what changed. */
export class KeepComposeFiles1798100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE measurements ADD COLUMN compose text CHECK (octet_length(compose) <= 131072)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE measurements DROP COLUMN compose');
  }
}
