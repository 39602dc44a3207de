import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where a restore leaves the usage words that the stream held when its backup was taken. They go once they are settled. */
export class TakeReturnedWords1796300000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE returned_words (
        id bigserial PRIMARY KEY,
        subject text NOT NULL,
        payload text NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE returned_words');
  }
}
