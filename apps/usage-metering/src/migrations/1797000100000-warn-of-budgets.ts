import type { MigrationInterface, QueryRunner } from 'typeorm';
import { formerOpenScopes, FUNCTIONS, openScopes } from './warnings/functions.ts';

/** Budgets that only warn: counted by the books as others are, and drawn from by nobody. */
export class WarnOfBudgets1797000100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const schema = await schemaOf(runner);
    await runner.query(openScopes(schema));
    for (const [signature, of] of Object.entries(FUNCTIONS)) {
      await runner.query(of(schema));
      await runner.query(`REVOKE ALL ON FUNCTION ${signature} FROM PUBLIC`);
      await runner.query(`GRANT EXECUTE ON FUNCTION ${signature} TO ${schema}`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const signature of Object.keys(FUNCTIONS)) await runner.query(`DROP FUNCTION ${signature}`);
    await runner.query(formerOpenScopes(await schemaOf(runner)));
  }
}

async function schemaOf(runner: QueryRunner): Promise<string> {
  const [schema] = (await runner.query('SELECT quote_ident(current_schema()) AS name')) as [{ name: string }];
  return schema.name;
}
