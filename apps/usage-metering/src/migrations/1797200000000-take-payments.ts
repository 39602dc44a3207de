import type { MigrationInterface, QueryRunner } from 'typeorm';
import { bookMoney } from './books/money.ts';
import { factsOfRefunds } from './payments/refund-facts.ts';
import { TABLE_NAMES, TABLES } from './payments/tables.ts';

/** Payments, what was heard of them, and refunds that happened elsewhere: those are booked whatever is left. */
export class TakePayments1797200000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of TABLES) await runner.query(statement);
    await runner.query(factsOfRefunds(bookMoney(await schemaOf(runner))));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(bookMoney(await schemaOf(runner)).replace('CREATE FUNCTION', 'CREATE OR REPLACE FUNCTION'));
    await runner.query('DROP INDEX ledger_transfers_money');
    for (const table of [...TABLE_NAMES].reverse()) await runner.query(`DROP TABLE ${table}`);
  }
}

async function schemaOf(runner: QueryRunner): Promise<string> {
  const [schema] = (await runner.query('SELECT quote_ident(current_schema()) AS name')) as [{ name: string }];
  return schema.name;
}
