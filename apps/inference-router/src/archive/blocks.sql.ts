/** One router at a time packs. */
export const LOCK_PACKING = 'SELECT pg_try_advisory_xact_lock(7214303) AS taken';

/** Teams with many receipts that are in the log and no longer new, or with old ones. */
export const PACKABLE = `
  SELECT team_id AS id FROM receipts JOIN log_places USING (request_id) WHERE made_at < now() - $1 * interval '1 second'
  GROUP BY team_id HAVING count(*) >= $2 OR min(made_at) < now() - $3 * interval '1 second' ORDER BY team_id LIMIT 64`;

/** By their ids, so that those of one time are together. */
export const TAKE = `
  SELECT r.request_id AS id, r.evidence, r.body, r.dictionary, r.chat_id AS "chatId", r.made_at AS "madeAt", p.place::float8 AS place
  FROM receipts r JOIN log_places p USING (request_id)
  WHERE r.team_id = $1 AND r.made_at < now() - $2 * interval '1 second' ORDER BY r.request_id LIMIT $3 FOR UPDATE OF r`;

export const MOVE = `
  WITH places AS (DELETE FROM log_places WHERE request_id = ANY ($1::uuid[])),
  moved AS (DELETE FROM receipts WHERE request_id = ANY ($1::uuid[]))
  INSERT INTO receipt_blocks (first_id, last_id, team_id, chats, body, made_at)
  VALUES ($1[1]::uuid, $1[array_length($1::uuid[], 1)]::uuid, $2, $3::integer[], $4, $5)`;

/** A block spans no more than the time between $2 and $3. */
export const BLOCKS_BY_REQUEST = `
  SELECT body FROM receipt_blocks WHERE team_id = $1 AND last_id BETWEEN $2::uuid AND $3::uuid AND first_id <= $2::uuid`;

export const BLOCKS_BY_CHAT = `
  SELECT body FROM receipt_blocks WHERE team_id = $1 AND chats @> ARRAY[$2::integer] ORDER BY made_at DESC LIMIT 8`;

export const FORGET_OLD_BLOCKS = `DELETE FROM receipt_blocks WHERE made_at < now() - $1 * interval '1 day'`;
