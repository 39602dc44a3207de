import { Injectable } from '@nestjs/common';
import type { KeyId, KeyView } from '@orgn/contracts';
import type { StoredDigest } from './key-digest.ts';
import { NOW } from './key.entity.ts';
import { KeysDatabase } from './keys.database.ts';

/** One use of a key, by the database's time; null: not known, or not kept. */
export interface KeyUse {
  at: Date;
  client: KeyView['lastUsedWith'];
  network: string | null;
}

/** A digest to be replaced by its equal under another pepper. */
export interface DigestMove {
  id: KeyId;
  from: Buffer;
  to: StoredDigest;
}

// What is not known of a use leaves what is known of the one before; both are of the newest use that says them.
const USED = `SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::text[], $4::text[]) AS used (id, at, client, network)`;
const SET_USED = `
  last_used_at = GREATEST(k.last_used_at, used.at),
  last_used_with = CASE WHEN (used.at >= k.last_used_at) IS NOT FALSE THEN COALESCE(used.client, k.last_used_with)
                        ELSE k.last_used_with END,
  last_used_from = CASE WHEN (used.at >= k.last_used_at) IS NOT FALSE THEN COALESCE(used.network, k.last_used_from)
                        ELSE k.last_used_from END`;

// Rows are locked in the order of their ids: replicas that write at the same time then wait instead of deadlocking.
const RECORD_USES = `
  WITH used AS (${USED}),
       held AS (SELECT id FROM api_keys WHERE id = ANY($1::text[]) ORDER BY id FOR NO KEY UPDATE)
  UPDATE api_keys k SET ${SET_USED} FROM held JOIN used USING (id) WHERE k.id = held.id`;

// A caller waits for this one, so it waits for nobody: who holds such a row is about to write the same, or ends the key.
const STAMP = `
  WITH used AS (${USED}),
       held AS (SELECT id FROM api_keys WHERE id = ANY($1::text[]) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED)
  UPDATE api_keys k SET ${SET_USED} FROM held JOIN used USING (id) WHERE k.id = held.id`;

// A second replica may be at it as well: the earlier end stays.
const END_GRACE = `
  WITH ended AS (SELECT DISTINCT o.id FROM api_keys u JOIN api_keys o ON o.lineage_id = u.lineage_id
                 AND o.generation < u.generation WHERE u.id = ANY($1::text[]) AND o.grace_seconds IS NOT NULL),
       held AS (SELECT k.id FROM api_keys k WHERE k.id = ANY(ARRAY(SELECT id FROM ended)) ORDER BY k.id
                FOR NO KEY UPDATE)
  UPDATE api_keys k SET expires_at = LEAST(k.expires_at, ${NOW} + make_interval(secs => k.grace_seconds)),
                        grace_seconds = NULL
  FROM held WHERE k.id = held.id RETURNING k.id`;

const MOVE_DIGESTS = `
  WITH move AS (SELECT * FROM unnest($1::text[], $2::bytea[], $3::bytea[], $4::text[]) AS move (id, was, digest, kid)),
       held AS (SELECT id FROM api_keys WHERE id = ANY($1::text[]) ORDER BY id FOR UPDATE)
  UPDATE api_keys k SET digest = move.digest, digest_kid = move.kid
  FROM held JOIN move USING (id) WHERE k.id = held.id AND k.digest = move.was`;

/** What the use of a key leaves in its row. */
@Injectable()
export class KeyUsesRepository {
  constructor(private readonly database: KeysDatabase) {}

  /** Writes that these keys are being used, before they are accepted. */
  async stamp(uses: ReadonlyMap<KeyId, KeyUse>): Promise<void> {
    if (uses.size > 0) await this.#query(STAMP, columnsOf(uses));
  }

  /**
   * Starts the grace periods that wait for the first use of one of these keys, before it is accepted. Answers the keys
   * whose end is known now.
   */
  async startGrace(ids: readonly KeyId[]): Promise<KeyId[]> {
    if (ids.length === 0) return [];
    const [ended] = await this.#query<[{ id: KeyId }[], number]>(END_GRACE, [ids]);
    return ended.map(({ id }) => id);
  }

  /** Moves `last_used_at` forward, never back. */
  async record(uses: ReadonlyMap<KeyId, KeyUse>): Promise<void> {
    if (uses.size > 0) await this.#query(RECORD_USES, columnsOf(uses));
  }

  /** Drops what was kept of where keys were used from. */
  async forgetNetworks(): Promise<void> {
    await this.#query('UPDATE api_keys SET last_used_from = NULL WHERE last_used_from IS NOT NULL', []);
  }

  async moveDigests(moves: readonly DigestMove[]): Promise<void> {
    if (moves.length === 0) return;
    const columns = [moves.map(({ id }) => id), moves.map(({ from }) => from), moves.map(({ to }) => to.digest)];
    await this.#query(MOVE_DIGESTS, [...columns, moves.map(({ to }) => to.kid)]);
  }

  #query<R>(sql: string, values: unknown[]): Promise<R> {
    return this.database.ask((manager) => manager.query<R>(sql, values));
  }
}

function columnsOf(uses: ReadonlyMap<KeyId, KeyUse>): unknown[] {
  const all = [...uses.values()];
  return [
    [...uses.keys()],
    all.map(({ at }) => at),
    all.map(({ client }) => client),
    all.map(({ network }) => network),
  ];
}
