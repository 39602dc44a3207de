/** One router at a time appends; the others leave it to that one. */
export const LOCK = 'SELECT pg_try_advisory_xact_lock(7214302) AS taken';

export const HEAD = `
  SELECT size::text, checkpoint, written_at > now() - $1 * interval '1 second' AS "isYoung" FROM log_head`;

/** By their hashes: the order tells nothing of the order in which requests came. */
export const WAITING = 'SELECT request_id AS id, entry FROM log_waiting ORDER BY entry LIMIT $1';

export const PLACE = `
  WITH placed AS (INSERT INTO log_places (request_id, place)
    SELECT * FROM unnest($1::uuid[], $2::bigint[]) ON CONFLICT (request_id) DO NOTHING)
  DELETE FROM log_waiting WHERE request_id = ANY ($1::uuid[])`;

export const READ_ENTRIES = 'SELECT entries AS hashes FROM log_entries WHERE number = $1';
export const READ_TILE = 'SELECT hashes FROM log_tiles WHERE level = $1 AND number = $2';

export const WRITE_ENTRIES = `
  INSERT INTO log_entries (number, entries) SELECT * FROM unnest($1::bigint[], $2::bytea[])
  ON CONFLICT (number) DO UPDATE SET entries = excluded.entries`;
export const WRITE_TILES = `
  INSERT INTO log_tiles (level, number, hashes) SELECT $1::smallint, * FROM unnest($2::bigint[], $3::bytea[])
  ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes`;

export const WRITE_HEAD = `
  INSERT INTO log_head (size, checkpoint) VALUES ($1, $2)
  ON CONFLICT (is_only) DO UPDATE SET size = excluded.size, checkpoint = excluded.checkpoint, written_at = now()`;
