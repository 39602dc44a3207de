/** How many parts the teams are divided into. */
export const SHARDS = 64;

/** Who owns a shard of the teams, until when by the database's clock. Each owner has an epoch of its own, which fences. */
const LEASES = `
  CREATE TABLE shard_leases (
    shard smallint PRIMARY KEY CHECK (shard >= 0 AND shard < ${SHARDS}),
    owner text NOT NULL,
    epoch bigint NOT NULL,
    until timestamptz NOT NULL
  ) WITH (fillfactor = 50)`;

const NOBODY = `INSERT INTO shard_leases SELECT shard, '', 0, to_timestamp(0) FROM generate_series(0, ${SHARDS - 1}) AS shard`;

/** Replicas that look after shards, when they were last seen: they share the shards evenly. */
const KEEPERS = `
  CREATE TABLE shard_keepers (owner text PRIMARY KEY, seen_at timestamptz NOT NULL) WITH (fillfactor = 50)`;

/**
 * What an owner has drawn from a scope: its open holds and what it may hold yet. A scope's \`held_nano_usd\` is the sum of its blocks,
 * so two owners cannot hold the same money. From \`ends_at\` on nobody holds by a block; once every request that may have a hold in it
 * must have spoken, what is left goes back.
 */
const BLOCKS = `
  CREATE TABLE hold_blocks (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    team_id text NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    period text NOT NULL,
    starts_at timestamptz NOT NULL,
    shard smallint NOT NULL,
    epoch bigint NOT NULL,
    nano_usd bigint NOT NULL CHECK (nano_usd >= 0),
    drawn_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ends_at timestamptz,
    FOREIGN KEY (team_id, kind, subject, period, starts_at) REFERENCES budget_scopes
  ) WITH (fillfactor = 50)`;

const INDEXES = [
  'CREATE INDEX hold_blocks_scope ON hold_blocks (team_id, kind, subject, period, starts_at)',
  'CREATE INDEX hold_blocks_open ON hold_blocks (shard) WHERE ends_at IS NULL',
  'CREATE INDEX hold_blocks_ended ON hold_blocks (ends_at) WHERE ends_at IS NOT NULL',
];

/** In the order in which they are made. */
export const TABLES = [LEASES, NOBODY, KEEPERS, BLOCKS, ...INDEXES];
export const TABLE_NAMES = ['shard_leases', 'shard_keepers', 'hold_blocks'];

/** What names a scope. */
export const SCOPE = 'team_id, kind, subject, period, starts_at';
