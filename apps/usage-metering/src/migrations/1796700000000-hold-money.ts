import type { MigrationInterface, QueryRunner } from 'typeorm';
import { FUNCTIONS, RELEASING, releasingOf } from './holds/functions.ts';
import { TABLE_NAMES, TABLES } from './holds/tables.ts';

/**
 * Owners of teams and the blocks that they draw from what limits spending. A row of usage says what was held for it: with the
 * row that is released, before the ledger charges it.
 */
export class HoldMoney1796700000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE usage_rows ADD COLUMN hold text CHECK (char_length(hold) <= 512)');
    for (const statement of TABLES) await runner.query(statement);
    const [schema] = (await runner.query('SELECT quote_ident(current_schema()) AS name')) as [{ name: string }];
    for (const [signature, of] of Object.entries(FUNCTIONS)) {
      await runner.query(of(schema.name));
      await runner.query(`REVOKE ALL ON FUNCTION ${signature} FROM PUBLIC`);
      await runner.query(`GRANT EXECUTE ON FUNCTION ${signature} TO ${schema.name}`);
    }
    for (const change of RELEASING) {
      await runner.query(releasingOf(change, schema.name));
      await runner.query(`REVOKE ALL ON FUNCTION hold_${change}_rows() FROM PUBLIC`);
    }
    await runner.query(`CREATE TRIGGER hold_inserted AFTER INSERT ON usage_rows REFERENCING NEW TABLE AS new_rows
      FOR EACH STATEMENT EXECUTE FUNCTION hold_inserted_rows()`);
    await runner.query(`CREATE TRIGGER hold_updated AFTER UPDATE ON usage_rows REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
      FOR EACH STATEMENT EXECUTE FUNCTION hold_updated_rows()`);
    // What was drawn is changed by the functions above alone.
    await runner.query(`REVOKE ALL ON ${TABLE_NAMES.join(', ')} FROM ${schema.name}`);
    await runner.query(`GRANT SELECT ON ${TABLE_NAMES.join(', ')} TO ${schema.name}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const change of RELEASING) {
      await runner.query(`DROP TRIGGER hold_${change} ON usage_rows`);
      await runner.query(`DROP FUNCTION hold_${change}_rows()`);
    }
    for (const signature of Object.keys(FUNCTIONS).reverse()) await runner.query(`DROP FUNCTION ${signature}`);
    // What is held goes back with the blocks.
    await runner.query(
      "UPDATE budget_scopes SET held_nano_usd = 0, over_nano_usd = CASE kind WHEN 'balance' THEN 0 ELSE greatest(0, spent_nano_usd - cap_nano_usd) END WHERE held_nano_usd > 0",
    );
    for (const table of [...TABLE_NAMES].reverse()) await runner.query(`DROP TABLE ${table}`);
    await runner.query('ALTER TABLE usage_rows DROP COLUMN hold');
  }
}
