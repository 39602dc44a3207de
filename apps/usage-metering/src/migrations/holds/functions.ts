import { definer } from '../books/functions.ts';
import { SCOPE } from './tables.ts';

const sameScope = (one: string, other: string) => `(${columns(one)}) = (${columns(other)})`;
const columns = (table: string) =>
  SCOPE.split(', ')
    .map((name) => `${table}.${name}`)
    .join(', ');

/** What goes beyond a cap: of a balance nothing can. */
const overWith = (held: string) =>
  `CASE s.kind WHEN 'balance' THEN 0 ELSE greatest(0, s.spent_nano_usd + ${held} - s.cap_nano_usd) END`;

/**
 * Draws from several scopes of a team, each at least what is needed of it or nothing from any, for the owner of its shard alone.
 * What is wished beyond the need is drawn while room is ample: a quarter of it at most.
 * @returns a row a scope: its block, what was drawn, and how it stands after that; no row: not the owner
 */
const drawBlocks = (schema: string) => `
  CREATE FUNCTION draw_blocks(team text, of_shard smallint, of_epoch bigint, kinds text[], subjects text[], periods text[],
    starts timestamptz[], needs bigint[], wishes bigint[], blocks bigint[])
  RETURNS TABLE (place bigint, block bigint, drawn bigint, cap bigint, spent bigint, held bigint, ends timestamptz)
  LANGUAGE plpgsql ${definer(schema)} AS $$
  BEGIN
    PERFORM lock_books(ARRAY[team]);
    PERFORM FROM shard_leases l WHERE l.shard = of_shard AND l.epoch = of_epoch AND l.until > clock_timestamp();
    IF NOT FOUND THEN RETURN; END IF;
    RETURN QUERY
    WITH state AS MATERIALIZED (
      SELECT a.place, a.block, a.need, a.wish, ${columns('s')}, s.cap_nano_usd, s.spent_nano_usd, s.held_nano_usd, s.ends_at,
        greatest(0, s.cap_nano_usd - s.spent_nano_usd - s.held_nano_usd) AS room
      FROM unnest(kinds, subjects, periods, starts, needs, wishes, blocks)
        WITH ORDINALITY AS a (kind, subject, period, starts_at, need, wish, block, place)
      JOIN budget_scopes s ON (s.team_id, s.kind, s.subject, s.period, s.starts_at) = (team, a.kind, a.subject, a.period, a.starts_at)
    ), granted AS MATERIALIZED (
      SELECT state.*, CASE WHEN (SELECT bool_and(state.room >= state.need) FROM state)
        THEN greatest(state.need, least(state.wish, state.room / 4)) ELSE 0 END AS amount FROM state
    ), raised AS (
      UPDATE budget_scopes s SET held_nano_usd = s.held_nano_usd + g.amount
      FROM granted g WHERE g.amount > 0 AND ${sameScope('s', 'g')}
    ), topped AS (
      UPDATE hold_blocks b SET nano_usd = b.nano_usd + g.amount
      FROM granted g WHERE g.amount > 0 AND b.id = g.block AND b.ends_at IS NULL RETURNING b.id
    ), opened AS (
      INSERT INTO hold_blocks AS b (${SCOPE}, shard, epoch, nano_usd)
      SELECT ${columns('g')}, of_shard, of_epoch, g.amount FROM granted g
      WHERE g.amount > 0 AND NOT EXISTS (SELECT FROM hold_blocks o WHERE o.id = g.block AND o.ends_at IS NULL)
      RETURNING b.id, ${columns('b')}
    )
    SELECT g.place, coalesce(o.id, g.block), g.amount, g.cap_nano_usd, g.spent_nano_usd, g.held_nano_usd + g.amount, g.ends_at
    FROM granted g LEFT JOIN opened o ON ${sameScope('o', 'g')} ORDER BY g.place;
  END
  $$`;

/** Gives parts of blocks back to their scopes, and ends those that are ended: no more than they have. */
const returnBlocks = (schema: string) => `
  CREATE FUNCTION return_blocks(teams text[], ids bigint[], amounts bigint[], are_ended boolean[]) RETURNS void
  LANGUAGE plpgsql ${definer(schema)} AS $$
  BEGIN
    PERFORM lock_books(teams);
    WITH given AS MATERIALIZED (
      SELECT b.id, ${columns('b')}, least(b.nano_usd, r.amount) AS amount, r.is_ended
      FROM unnest(ids, amounts, are_ended) AS r (id, amount, is_ended) JOIN hold_blocks b ON b.id = r.id
    ), summed AS MATERIALIZED (SELECT ${SCOPE}, sum(amount)::bigint AS amount FROM given GROUP BY ${SCOPE}),
    lowered AS (
      UPDATE budget_scopes s SET held_nano_usd = s.held_nano_usd - g.amount, over_nano_usd = ${overWith('s.held_nano_usd - g.amount')}
      FROM summed g WHERE ${sameScope('s', 'g')}
    ), emptied AS (
      DELETE FROM hold_blocks b USING given g WHERE b.id = g.id AND g.is_ended AND b.nano_usd = g.amount
    )
    UPDATE hold_blocks b SET nano_usd = b.nano_usd - g.amount,
      ends_at = CASE WHEN g.is_ended THEN coalesce(b.ends_at, clock_timestamp()) ELSE b.ends_at END
    FROM given g WHERE b.id = g.id AND NOT (g.is_ended AND b.nano_usd = g.amount);
  END
  $$`;

/**
 * Gives back what is left of blocks in which every hold must have ended, and whose requests' words have all been settled.
 * @param life_ms how long after a block's end a hold in it may still be spoken of
 * @param settled_until every word that was stored before has been settled
 */
const reapBlocks = (schema: string) => `
  CREATE FUNCTION reap_blocks(life_ms bigint, settled_until timestamptz) RETURNS TABLE (team text, nano_usd bigint)
  LANGUAGE plpgsql ${definer(schema)} AS $$
  DECLARE
    life interval := life_ms * interval '1 millisecond';
    old hold_blocks[];
  BEGIN
    -- What an owner drew at the very moment that it lost its shard.
    UPDATE hold_blocks b SET ends_at = clock_timestamp()
    FROM shard_leases l WHERE b.ends_at IS NULL AND l.shard = b.shard AND l.epoch > b.epoch;
    SELECT array_agg(b) INTO old FROM hold_blocks b WHERE b.ends_at + life < least(clock_timestamp(), settled_until);
    IF old IS NULL THEN RETURN; END IF;
    RETURN QUERY SELECT b.team_id, b.nano_usd FROM unnest(old) AS b WHERE b.nano_usd > 0;
    PERFORM return_blocks(array_agg(DISTINCT b.team_id), array_agg(b.id), array_agg(b.nano_usd), array_agg(true)) FROM unnest(old) AS b;
  END
  $$`;

/**
 * Renews the shards of an owner, and takes as many that nobody has as are its share; what it took from is ended.
 * @param renewed which of its shards are renewed
 * @returns every shard that is its own now
 */
const keepShards = (schema: string, renewed: string) => `
  CREATE OR REPLACE FUNCTION keep_shards(keeper text, lease_ms bigint) RETURNS TABLE (shard smallint, epoch bigint, share int)
  LANGUAGE plpgsql ${definer(schema)} AS $$
  DECLARE
    lease interval := lease_ms * interval '1 millisecond';
    part int;
    own int;
  BEGIN
    INSERT INTO shard_keepers VALUES (keeper, clock_timestamp()) ON CONFLICT (owner) DO UPDATE SET seen_at = excluded.seen_at;
    DELETE FROM shard_keepers k WHERE k.seen_at < clock_timestamp() - interval '1 day';
    SELECT ceil((SELECT count(*) FROM shard_leases)::numeric / count(*)) INTO part
      FROM shard_keepers k WHERE k.seen_at > clock_timestamp() - lease;
    UPDATE shard_leases l SET until = clock_timestamp() + lease WHERE l.owner = keeper${renewed};
    GET DIAGNOSTICS own = ROW_COUNT;
    IF own < part THEN
      WITH free AS MATERIALIZED (
        SELECT l.shard, l.until FROM shard_leases l WHERE l.until <= clock_timestamp() ORDER BY l.shard LIMIT part - own FOR UPDATE SKIP LOCKED
      ), ended AS (
        UPDATE hold_blocks b SET ends_at = free.until FROM free WHERE b.shard = free.shard AND b.ends_at IS NULL
      )
      UPDATE shard_leases l SET owner = keeper, epoch = l.epoch + 1, until = clock_timestamp() + lease FROM free WHERE l.shard = free.shard;
    END IF;
    RETURN QUERY SELECT l.shard, l.epoch, part FROM shard_leases l WHERE l.owner = keeper AND l.until > clock_timestamp();
  END
  $$`;

/** An owner whose lease has run out has lost it, whoever has it now. */
export const keepShardsInTime = (schema: string) => keepShards(schema, ' AND l.until > clock_timestamp()');

/** An owner that was late keeps what nobody took meanwhile: nobody else has drawn from it, so it knows all that was. */
export const keepShardsUntilTaken = (schema: string) => keepShards(schema, '');

/** Lets shards go, whose blocks their owner has given back or ended. */
export const leaveShards = (schema: string) => `
  CREATE OR REPLACE FUNCTION leave_shards(keeper text, shards smallint[]) RETURNS void LANGUAGE sql ${definer(schema)} AS $$
    UPDATE shard_leases l SET until = clock_timestamp() WHERE l.owner = keeper AND l.shard = ANY (shards)
  $$`;

/** The same; an owner that has none after it is none, and its share falls to the others. */
export const leaveShardsForGood = (schema: string) => `
  CREATE OR REPLACE FUNCTION leave_shards(keeper text, shards smallint[]) RETURNS void LANGUAGE sql ${definer(schema)} AS $$
    UPDATE shard_leases l SET until = clock_timestamp() WHERE l.owner = keeper AND l.shard = ANY (shards);
    DELETE FROM shard_keepers k WHERE k.owner = keeper
      AND NOT EXISTS (SELECT FROM shard_leases l WHERE l.owner = keeper AND l.until > clock_timestamp());
  $$`;

/** The same; nobody's they are then, and not its own again before somebody has taken them. */
export const leaveShardsToNobody = (schema: string) => `
  CREATE OR REPLACE FUNCTION leave_shards(keeper text, shards smallint[]) RETURNS void LANGUAGE sql ${definer(schema)} AS $$
    UPDATE shard_leases l SET owner = '', until = clock_timestamp() WHERE l.owner = keeper AND l.shard = ANY (shards);
    DELETE FROM shard_keepers k WHERE k.owner = keeper AND NOT EXISTS (SELECT FROM shard_leases l WHERE l.owner = keeper);
  $$`;

/** By name and argument types, each for a schema. */
export const FUNCTIONS: Record<string, (schema: string) => string> = {
  'return_blocks(text[], bigint[], bigint[], boolean[])': returnBlocks,
  'reap_blocks(bigint, timestamptz)': reapBlocks,
  'draw_blocks(text, smallint, bigint, text[], text[], text[], timestamptz[], bigint[], bigint[], bigint[])':
    drawBlocks,
  'keep_shards(text, bigint)': keepShardsInTime,
  'leave_shards(text, smallint[])': leaveShards,
};

/**
 * Releases what was held for requests as their usage is written, before the ledger charges them, in the same transaction. A
 * router's word, and one that the answer was withheld, frees the whole hold; a gateway's, which a router's may still outrank,
 * what it charges.
 */
const FREED = {
  inserted: `SELECT r.team_id, r.hold, CASE WHEN r.witness = 'router' OR r.outcome = 'withheld' THEN NULL ELSE r.cost_nano_usd END AS freed,
      0::bigint AS before FROM new_rows r WHERE r.hold IS NOT NULL AND r.second_of IS NULL`,
  updated: `SELECT r.team_id, coalesce(r.hold, o.hold) AS hold, NULL::bigint AS freed, CASE WHEN o.hold IS NULL THEN 0 ELSE o.cost_nano_usd END AS before
      FROM new_rows r JOIN old_rows o USING (request_id) WHERE coalesce(r.hold, o.hold) IS NOT NULL AND r.second_of IS NULL
        AND o.witness = 'gateway' AND o.outcome <> 'withheld' AND (r.witness = 'router' OR r.outcome = 'withheld')`,
} as const;

export const releasingOf = (change: keyof typeof FREED, schema: string) => `
  CREATE FUNCTION hold_${change}_rows() RETURNS trigger LANGUAGE plpgsql ${definer(schema)} AS $$
  BEGIN
    IF NOT EXISTS (SELECT FROM new_rows WHERE hold IS NOT NULL) THEN RETURN NULL; END IF;
    PERFORM lock_books(ARRAY(SELECT DISTINCT team_id FROM new_rows WHERE hold IS NOT NULL));
    PERFORM return_blocks(array_agg(part.team_id), array_agg(part.block), array_agg(part.amount), array_agg(false)) FROM (
      SELECT said.team_id, block::bigint AS block, sum(least(said.freed, amount - least(said.before, amount), amount))::bigint AS amount
      FROM (${FREED[change]}) AS said
      CROSS JOIN LATERAL (SELECT split_part(said.hold, ' ', 1)::bigint AS amount) AS held
      CROSS JOIN LATERAL unnest(string_to_array(nullif(split_part(said.hold, ' ', 2), ''), '_')) AS block
      GROUP BY 1, 2 ORDER BY 1, 2
    ) AS part WHERE part.amount > 0 HAVING count(*) > 0;
    RETURN NULL;
  END
  $$`;

export const RELEASING = Object.keys(FREED) as (keyof typeof FREED)[];
