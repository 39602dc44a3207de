/** In one order, so that two routers that say the same wait for each other and never in a circle. */
export const KEEP_CONTENTS = `
  INSERT INTO contents (digest, body)
  SELECT digest, body FROM unnest($1::bytea[], $2::bytea[]) AS given (digest, body) ORDER BY digest
  ON CONFLICT (digest) DO UPDATE SET named_at = now()`;

/** What was kept already stays, and is in the log, or on its way there. */
export const KEEP_RECEIPTS = `
  WITH given AS (
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bytea[], $7::bytea[], $8::bytea[],
      $9::bytea[]) AS given (request_id, team_id, chat_id, provider, model, dictionary, evidence, body, entry)),
  kept AS (
    INSERT INTO receipts (request_id, team_id, chat_id, provider, model, dictionary, evidence, body)
    SELECT request_id, team_id, chat_id, provider, model, dictionary, evidence, body FROM given
    ON CONFLICT (request_id) DO NOTHING RETURNING request_id)
  INSERT INTO log_waiting (request_id, entry) SELECT request_id, entry FROM given JOIN kept USING (request_id)
  ON CONFLICT (request_id) DO NOTHING`;

const FOUND = `
  SELECT r.evidence, r.body, d.body AS dictionary, p.place::float8 AS place FROM receipts r
  LEFT JOIN contents d ON d.digest = r.dictionary LEFT JOIN log_places p ON p.request_id = r.request_id WHERE r.team_id = $1`;

export const FIND_BY_REQUEST = `${FOUND} AND r.request_id = $2`;

export const FIND_BY_CHAT = `
  ${FOUND} AND r.chat_id = $2 AND ($3::text IS NULL OR r.model = $3) ORDER BY r.made_at DESC LIMIT 1`;

export const HAS_CONTENT = 'SELECT 1 FROM contents WHERE digest = $1';
export const READ_CONTENTS = 'SELECT digest, body FROM contents WHERE digest = ANY ($1::bytea[])';

/** Up to so many receipts that are older than they are kept, with their places in the log. */
export const FORGET_OLD = `
  WITH old AS (
    SELECT request_id FROM receipts WHERE made_at < now() - $1 * interval '1 day' ORDER BY made_at LIMIT $2
    FOR UPDATE SKIP LOCKED),
  places AS (DELETE FROM log_places USING old WHERE log_places.request_id = old.request_id)
  DELETE FROM receipts USING old WHERE receipts.request_id = old.request_id RETURNING receipts.request_id`;

/** Contents are named anew each hour, as long as receipts name them: a day more than those is enough. */
export const FORGET_CONTENTS = `DELETE FROM contents WHERE named_at < now() - ($1 + 1) * interval '1 day'`;

export const TEAMS_AFTER = `
  SELECT team_id AS id FROM receipts WHERE team_id > $1 UNION SELECT team_id FROM receipt_blocks WHERE team_id > $1
  ORDER BY 1 LIMIT $2`;

/** Their places and what waits go too; the log itself holds nothing of them. */
export const FORGET_TEAMS = `
  WITH theirs AS (DELETE FROM receipts WHERE team_id = ANY ($1::text[]) RETURNING request_id),
  blocks AS (DELETE FROM receipt_blocks WHERE team_id = ANY ($1::text[])),
  waiting AS (DELETE FROM log_waiting USING theirs WHERE log_waiting.request_id = theirs.request_id),
  places AS (DELETE FROM log_places USING theirs WHERE log_places.request_id = theirs.request_id)
  SELECT count(*)::int AS count FROM theirs`;
