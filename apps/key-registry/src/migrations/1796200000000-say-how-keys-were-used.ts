import type { MigrationInterface, QueryRunner } from 'typeorm';

export class SayHowKeysWereUsed1796200000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE api_keys
        ADD COLUMN last_used_with text CHECK (last_used_with ~ '^[a-z]{1,16}$'),
        ADD COLUMN last_used_from text CHECK (last_used_from ~ '^[0-9a-f.:]{3,45}/(24|48)$')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE api_keys DROP COLUMN last_used_with, DROP COLUMN last_used_from');
  }
}
