import type { MigrationInterface, QueryRunner } from 'typeorm';
import { keepShardsInTime, keepShardsUntilTaken, leaveShardsForGood, leaveShardsToNobody } from './holds/functions.ts';

/** An owner that was late to renew its shards keeps those that nobody took meanwhile, and with them all that it had drawn. */
export class KeepShardsUntilTaken1798100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const schema = await schemaOf(runner);
    await runner.query(keepShardsUntilTaken(schema));
    await runner.query(leaveShardsToNobody(schema));
  }

  async down(runner: QueryRunner): Promise<void> {
    const schema = await schemaOf(runner);
    await runner.query(keepShardsInTime(schema));
    await runner.query(leaveShardsForGood(schema));
  }
}

async function schemaOf(runner: QueryRunner): Promise<string> {
  const [schema] = (await runner.query('SELECT quote_ident(current_schema()) AS name')) as [{ name: string }];
  return schema.name;
}
