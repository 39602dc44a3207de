import type { MigrationInterface, QueryRunner } from 'typeorm';
import { leaveShards, leaveShardsForGood } from './holds/functions.ts';

/** An owner that leaves its last shard is none any more, so that what was its share falls to the others at once. */
export class LetOwnersGo1797700000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(leaveShardsForGood(await schemaOf(runner)));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(leaveShards(await schemaOf(runner)));
  }
}

async function schemaOf(runner: QueryRunner): Promise<string> {
  const [schema] = (await runner.query('SELECT quote_ident(current_schema()) AS name')) as [{ name: string }];
  return schema.name;
}
