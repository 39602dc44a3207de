/**
 * The audit log, range-partitioned by month on its UUIDv7 ids. An entry is chained to the one before it in its chain: that of
 * its team, or `people`. What is personal stands in columns of its own, of which only a salted digest is chained: blanked, it
 * leaves the chain whole, and the digest tells nothing without the salt.
 */
export const ENTRIES = `
  CREATE TABLE audit_entries (
    id uuid PRIMARY KEY,
    seq bigint NOT NULL,
    at timestamptz NOT NULL,
    team_id text CHECK (team_id <> 'people'),
    actor_kind text NOT NULL CHECK (actor_kind IN ('user', 'operator', 'holder', 'scanner', 'system')),
    actor_id text CHECK ((actor_kind = 'user') = (actor_id IS NOT NULL)),
    action text NOT NULL,
    object_kind text NOT NULL,
    object_id text NOT NULL,
    before jsonb,
    after jsonb,
    client jsonb,
    names jsonb,
    salt bytea,
    client_digest bytea,
    names_digest bytea,
    hash bytea NOT NULL
  ) PARTITION BY RANGE (id)`;

export const INDEXES = [
  'CREATE INDEX audit_entries_of_team ON audit_entries (team_id, id)',
  'CREATE INDEX audit_entries_of_object ON audit_entries (object_id, id)',
  'CREATE INDEX audit_entries_of_chain ON audit_entries (team_id, seq)',
] as const;

/** The end of each chain. `tick`: the time in the last id, in 1/4096 ms, so that the next one is greater on any clock. */
export const HEADS = `
  CREATE TABLE audit_heads (
    chain text PRIMARY KEY,
    seq bigint NOT NULL DEFAULT 0,
    hash bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex'),
    at timestamptz NOT NULL DEFAULT '-infinity',
    tick bigint NOT NULL DEFAULT 0
  )`;

/** Where chains begin since their oldest entries were dropped: the last entry that is gone. */
export const CUTS = `
  CREATE TABLE audit_cuts (
    chain text NOT NULL,
    seq bigint NOT NULL,
    hash bytea NOT NULL,
    at timestamptz NOT NULL,
    cut_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (chain, seq)
  )`;
