import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { REFUSALS_A_MINUTE, type KeyId, type RequestId, type RequestRecord, type TeamId } from '@orgn/contracts';
import { In, type Repository } from 'typeorm';
import { RefusalEntity } from '../refusals/refusal.entity.ts';
import { toSafeNumber, toUsageRow } from '../usage/usage-row.ts';
import { UsageRowEntity } from '../usage/usage-row.entity.ts';
import { refusalsScan, rowsScan, mayBeRefused, type Scan, type Search } from './search.sql.ts';

/** What one scan found: ids from new to old, and where it stopped without having seen all. */
interface Found {
  ids: RequestId[];
  stoppedAt: RequestId | null;
}

const COUNTED = `
  SELECT key_id AS "keyId", minute, seen - least(told, $4) AS requests FROM refusal_minutes
  WHERE team_id = $1 AND minute >= $2::timestamptz AND minute < $3::timestamptz AND seen > least(told, $4)
    AND ($5::text IS NULL OR key_id = $5) AND ($6::text IS NULL OR owner_id = $6)
  ORDER BY minute DESC, key_id LIMIT 100`;

/** Reads of requests, dispatched and refused ones. */
@Injectable()
export class RequestsRepository {
  constructor(
    @InjectRepository(UsageRowEntity) private readonly rows: Repository<UsageRowEntity>,
    @InjectRepository(RefusalEntity) private readonly refusals: Repository<RefusalEntity>,
  ) {}

  /** A page of what matches, newest first, and where the next one begins; null: there is nothing more. */
  async search(search: Search): Promise<{ records: RequestRecord[]; next: RequestId | null }> {
    const none: Found = { ids: [], stoppedAt: null };
    const rows = search.outcome === 'refused' ? none : await this.#scan(rowsScan(search), search.limit);
    const refused = mayBeRefused(search) ? await this.#scan(refusalsScan(search), search.limit) : none;
    const stops = [rows.stoppedAt, refused.stoppedAt].filter((id) => id !== null).sort();
    // Beyond the nearer stop one of the two has not looked yet.
    const stop = stops.at(-1) ?? null;
    const found = [...rows.ids, ...refused.ids].filter((id) => stop === null || id >= stop).sort();
    const shown = found.reverse().slice(0, search.limit);
    const next = found.length > shown.length ? (shown.at(-1) ?? null) : stop;
    return { records: await this.#records(shown), next };
  }

  /** One request of a team; undefined: there is none, or it is another team's. */
  async find(teamId: TeamId, requestId: RequestId): Promise<RequestRecord | undefined> {
    const [record] = await this.#records([requestId]);
    const owner = record?.row?.teamId ?? record?.refusal?.teamId;
    return owner === teamId ? record : undefined;
  }

  /** What was refused beyond what is kept. */
  async counted({
    teamId,
    from,
    until,
    key,
    member,
  }: Search): Promise<{ keyId: KeyId; minute: string; requests: number }[]> {
    const values = [teamId, from, until, REFUSALS_A_MINUTE, key, member];
    const rows = await this.refusals.query<{ keyId: KeyId; minute: Date; requests: string }[]>(COUNTED, values);
    return rows.map((row) => ({ ...row, minute: row.minute.toISOString(), requests: toSafeNumber(row.requests) }));
  }

  async #scan({ matches, end }: Scan, limit: number): Promise<Found> {
    const found = await this.rows.query<{ request_id: RequestId }[]>(matches.text, matches.values);
    const ids = found.map((row) => row.request_id);
    if (ids.length > limit) return { ids, stoppedAt: null };
    const [last] = await this.rows.query<{ id: RequestId }[]>(end.text, end.values);
    return { ids, stoppedAt: last?.id ?? null };
  }

  /** In the order of the ids that were asked for; unknown ones are left out. */
  async #records(ids: readonly RequestId[]): Promise<RequestRecord[]> {
    if (ids.length === 0) return [];
    const [rows, refusals] = await Promise.all([
      this.rows.findBy({ requestId: In([...ids]) }),
      this.refusals.findBy({ requestId: In([...ids]) }),
    ]);
    const rowOf = new Map(rows.map((row) => [row.requestId, toUsageRow(row)]));
    const refusalOf = new Map(refusals.map((refusal) => [refusal.requestId, toRefusal(refusal)]));
    const records = ids.map((id) => ({ row: rowOf.get(id) ?? null, refusal: refusalOf.get(id) ?? null }));
    return records.filter(({ row, refusal }) => row !== null || refusal !== null);
  }
}

function toRefusal({ at, durationMs, ...refusal }: RefusalEntity): NonNullable<RequestRecord['refusal']> {
  return { ...refusal, durationMs: toSafeNumber(durationMs), at: at.toISOString() };
}
