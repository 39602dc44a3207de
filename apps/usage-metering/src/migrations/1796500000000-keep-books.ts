import type { MigrationInterface, QueryRunner } from 'typeorm';
import { chargingOf, CHANGES, TRIGGERS } from './books/charging.ts';
import { FUNCTIONS } from './books/functions.ts';
import { TABLE_NAMES, TABLES } from './books/tables.ts';

/**
 * A ledger of double entry, and what limits spending. Rows that are there already are from before it and stand outside; what is
 * written from now on is booked in the same transaction, also what a replica of the release before writes.
 */
export class KeepBooks1796500000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Nobody writes a row between these two, and none is rewritten: both defaults are facts of the table.
    await runner.query(`
      ALTER TABLE usage_rows ADD COLUMN before_ledger boolean NOT NULL DEFAULT true,
        ADD COLUMN billing text NOT NULL DEFAULT 'off' CHECK (billing IN ('off', 'postpaid', 'prepaid'))`);
    await runner.query('ALTER TABLE usage_rows ALTER COLUMN before_ledger SET DEFAULT false');
    for (const statement of TABLES) await runner.query(statement);
    const [schema] = (await runner.query('SELECT quote_ident(current_schema()) AS name')) as [{ name: string }];
    for (const [signature, of] of Object.entries(FUNCTIONS)) {
      await runner.query(of(schema.name));
      await runner.query(`REVOKE ALL ON FUNCTION ${signature} FROM PUBLIC`);
      await runner.query(`GRANT EXECUTE ON FUNCTION ${signature} TO ${schema.name}`);
    }
    for (const change of CHANGES) {
      await runner.query(chargingOf(change, schema.name));
      await runner.query(`REVOKE ALL ON FUNCTION ledger_${change}_rows() FROM PUBLIC`);
    }
    for (const trigger of TRIGGERS) await runner.query(trigger);
    // What was booked stays as it was, and is booked by the functions above alone.
    await runner.query(`REVOKE ALL ON ledger_transfers, ledger_accounts, spend_days FROM ${schema.name}`);
    await runner.query(`GRANT SELECT ON ledger_transfers, ledger_accounts, spend_days TO ${schema.name}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const change of CHANGES) {
      await runner.query(`DROP TRIGGER ledger_${change} ON usage_rows`);
      await runner.query(`DROP FUNCTION ledger_${change}_rows()`);
    }
    for (const signature of Object.keys(FUNCTIONS)) await runner.query(`DROP FUNCTION ${signature}`);
    for (const table of [...TABLE_NAMES].reverse()) await runner.query(`DROP TABLE ${table}`);
    await runner.query('ALTER TABLE usage_rows DROP COLUMN billing, DROP COLUMN before_ledger');
  }
}
