import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How often somebody did today what may be done so often a day: for all processes, and over restarts. */
export class CountDays1796100100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE daily_counts (
        what text NOT NULL,
        whose text NOT NULL,
        day date NOT NULL,
        count integer NOT NULL CHECK (count > 0),
        PRIMARY KEY (what, whose, day)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE daily_counts');
  }
}
