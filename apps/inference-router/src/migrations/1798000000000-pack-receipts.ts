import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Receipts that are in the log already, many of one team in a block: nothing is stored of each alone, and no index names it. */
export class PackReceipts1798000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of BLOCKS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    const [{ count } = { count: 0 }] = (await runner.query('SELECT count(*)::int AS count FROM receipt_blocks')) as {
      count: number;
    }[];
    if (count > 0) throw new Error('receipts are packed in blocks, which the release before cannot read');
    await runner.query('DROP TABLE receipt_blocks');
  }
}

const BLOCKS = [
  // Ids of requests are made in time: those between a block's first and last one are looked for in it. `chats` are 32 bits of a
  // digest of each chat id; `made_at` is that of the youngest receipt.
  `CREATE TABLE receipt_blocks (
    first_id uuid PRIMARY KEY,
    last_id uuid NOT NULL,
    team_id text NOT NULL,
    chats integer[] NOT NULL,
    body bytea NOT NULL,
    made_at timestamptz NOT NULL,
    CHECK (first_id <= last_id)
  )`,
  'ALTER TABLE receipt_blocks ALTER body SET STORAGE EXTERNAL',
  'CREATE INDEX receipt_blocks_team ON receipt_blocks (team_id, last_id)',
  'CREATE INDEX receipt_blocks_chats ON receipt_blocks USING gin (chats)',
  'CREATE INDEX receipt_blocks_age ON receipt_blocks (made_at)',
];
