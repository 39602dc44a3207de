import type { MigrationInterface, QueryRunner } from 'typeorm';
import { MONEY_FUNCTIONS } from './books/money.ts';

/** What comes in and goes out is booked by functions, as usage is: the service can write no entry itself. */
export class BookMoney1796500100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [schema] = (await runner.query('SELECT quote_ident(current_schema()) AS name')) as [{ name: string }];
    for (const [signature, of] of Object.entries(MONEY_FUNCTIONS)) {
      await runner.query(of(schema.name));
      await runner.query(`REVOKE ALL ON FUNCTION ${signature} FROM PUBLIC`);
      await runner.query(`GRANT EXECUTE ON FUNCTION ${signature} TO ${schema.name}`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const signature of Object.keys(MONEY_FUNCTIONS)) await runner.query(`DROP FUNCTION ${signature}`);
  }
}
