import { Injectable } from '@nestjs/common';
import { REFUSALS_A_MINUTE, REFUSALS_KEPT_DAYS, type recordRefusals, type RequestOf } from '@orgn/contracts';
import { DataSource } from 'typeorm';

type Told = RequestOf<typeof recordRefusals>;

/**
 * Counts what was refused of each key in this minute, then keeps the first of them. One statement: what is counted is kept,
 * by however many gateways and replicas at once. A refusal that is said again is counted again, and kept once.
 */
const KEEP = `
  WITH told AS (
    SELECT *, row_number() OVER (PARTITION BY key_id ORDER BY request_id) AS place
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[])
      AS told (request_id, team_id, key_id, owner_id, code, param, model, path, duration_ms)
  ), counts AS (
    SELECT key_id, min(team_id) AS team_id, min(owner_id) AS owner_id, sum(count)::bigint AS seen, sum(is_told) AS told FROM (
      SELECT key_id, team_id, owner_id, 1 AS count, 1 AS is_told FROM told
      UNION ALL SELECT *, 0 FROM unnest($10::text[], $11::text[], $12::text[], $13::bigint[])
    ) AS parts GROUP BY key_id
  ), minutes AS (
    INSERT INTO refusal_minutes AS known (key_id, minute, team_id, owner_id, seen, told)
    SELECT key_id, date_trunc('minute', clock_timestamp()), team_id, owner_id, seen, told FROM counts ORDER BY key_id
    ON CONFLICT (key_id, minute) DO UPDATE SET seen = known.seen + excluded.seen, told = known.told + excluded.told
    RETURNING key_id, told
  )
  INSERT INTO refusals (request_id, team_id, key_id, owner_id, code, param, model, path, duration_ms)
  SELECT told.request_id, told.team_id, told.key_id, told.owner_id, code, param, model, path, duration_ms
  FROM told JOIN minutes USING (key_id) JOIN counts USING (key_id)
  WHERE minutes.told - counts.told + told.place <= ${REFUSALS_A_MINUTE}
  ON CONFLICT (request_id) DO NOTHING`;

@Injectable()
export class RefusalsRepository {
  constructor(private readonly database: DataSource) {}

  async keep({ refusals, more }: Told): Promise<void> {
    if (refusals.length + more.length === 0) return;
    const of = <N extends keyof Told['refusals'][number]>(name: N) => refusals.map((refusal) => refusal[name]);
    await this.database.query(KEEP, [
      ...[of('requestId'), of('teamId'), of('keyId'), of('ownerId'), of('code'), of('param'), of('model'), of('path')],
      of('durationMs'),
      more.map(({ keyId }) => keyId),
      more.map(({ teamId }) => teamId),
      more.map(({ ownerId }) => ownerId),
      more.map(({ count }) => count),
    ]);
  }

  /** Deletes up to `limit` of what is too old. @returns how many those were */
  async forget(limit: number): Promise<number> {
    const age = `clock_timestamp() - interval '${REFUSALS_KEPT_DAYS} days'`;
    const old = `SELECT request_id FROM refusals WHERE at < ${age} LIMIT $1`;
    const [, refusals] = await this.database.query<[unknown[], number]>(
      `DELETE FROM refusals WHERE request_id = ANY (ARRAY(${old}))`,
      [limit],
    );
    await this.database.query(`DELETE FROM refusal_minutes WHERE minute < ${age}`);
    return refusals;
  }
}
