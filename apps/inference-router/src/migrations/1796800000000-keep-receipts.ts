import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Receipts, what they rest on, once for all that name it, the public log of their digests, and what enclaves were seen to run. */
export class KeepReceipts1796800000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...RECEIPTS, ...LOG, MEASUREMENTS]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    const tables = ['measurements', 'log_head', 'log_tiles', 'log_entries', 'log_places', 'log_waiting'];
    for (const table of [...tables, 'receipt_keys', 'contents', 'receipts']) await runner.query(`DROP TABLE ${table}`);
  }
}

const DIGEST = 'CHECK (octet_length(digest) = 32)';

const RECEIPTS = [
  // `body` is compressed with a dictionary, which is one of the contents; `evidence` are digests of others, one after the other.
  `CREATE TABLE receipts (
    request_id uuid PRIMARY KEY,
    team_id text NOT NULL,
    chat_id text CHECK (char_length(chat_id) <= 128),
    provider text NOT NULL CHECK (char_length(provider) <= 64),
    model text NOT NULL CHECK (char_length(model) <= 256),
    dictionary bytea,
    evidence bytea NOT NULL CHECK (octet_length(evidence) % 32 = 0),
    body bytea NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now()
  )`,
  'CREATE INDEX receipts_chat ON receipts (team_id, chat_id)',
  'CREATE INDEX receipts_age ON receipts (made_at)',
  `CREATE TABLE contents (
    digest bytea PRIMARY KEY ${DIGEST},
    body bytea NOT NULL,
    named_at timestamptz NOT NULL DEFAULT now()
  )`,
  // Compressed already: the database would try in vain.
  'ALTER TABLE contents ALTER body SET STORAGE EXTERNAL',
  'ALTER TABLE receipts ALTER body SET STORAGE EXTERNAL',
  'CREATE INDEX contents_age ON contents (named_at)',
  `CREATE TABLE receipt_keys (
    kid text PRIMARY KEY CHECK (char_length(kid) <= 64),
    public_key bytea NOT NULL CHECK (octet_length(public_key) = 32),
    first_used_at timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz NOT NULL DEFAULT now()
  )`,
];

const LOG = [
  `CREATE TABLE log_waiting (
    request_id uuid PRIMARY KEY,
    entry bytea NOT NULL CHECK (octet_length(entry) = 32)
  )`,
  'CREATE TABLE log_places (request_id uuid PRIMARY KEY, place bigint NOT NULL CHECK (place >= 0))',
  // 256 entries of 32 bytes each, or fewer in the last one.
  `CREATE TABLE log_entries (
    number bigint PRIMARY KEY CHECK (number >= 0),
    entries bytea NOT NULL CHECK (octet_length(entries) BETWEEN 32 AND 8192)
  )`,
  // Levels from 1 on: level 0 is made of the entries.
  `CREATE TABLE log_tiles (
    level smallint NOT NULL CHECK (level BETWEEN 1 AND 7),
    number bigint NOT NULL CHECK (number >= 0),
    hashes bytea NOT NULL CHECK (octet_length(hashes) BETWEEN 32 AND 8192),
    PRIMARY KEY (level, number)
  )`,
  `CREATE TABLE log_head (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    size bigint NOT NULL CHECK (size >= 0),
    checkpoint text NOT NULL CHECK (char_length(checkpoint) <= 4096),
    written_at timestamptz NOT NULL DEFAULT now()
  )`,
];

const MEASUREMENTS = `
  CREATE TABLE measurements (
    id text PRIMARY KEY CHECK (id ~ '^[0-9a-f]{64}$'),
    provider text NOT NULL CHECK (char_length(provider) <= 64),
    measured jsonb NOT NULL,
    state text NOT NULL DEFAULT 'seen' CHECK (state IN ('seen', 'approved', 'refused')),
    first_seen_at timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz NOT NULL DEFAULT now(),
    decided_by text CHECK (char_length(decided_by) <= 1024),
    decided_at timestamptz
  )`;
