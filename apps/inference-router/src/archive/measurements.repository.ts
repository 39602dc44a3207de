import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { canonicalJson, type Measurements } from '@orgn/attestation';
import { ArchiveDatabase } from './archive-database.ts';

/** What of a measurement is approved or not: what a provider changes with its software, and not with each start. */
export type Measured = Pick<
  Measurements,
  'mrtd' | 'rtmr0' | 'rtmr1' | 'rtmr2' | 'composeHash' | 'osImageHash' | 'appId' | 'imageDigests'
>;

/** The part of what was found that is decided on. */
export function measuredOf(found: Measurements): Measured {
  const { mrtd, rtmr0, rtmr1, rtmr2, composeHash, osImageHash, appId, imageDigests } = found;
  return { mrtd, rtmr0, rtmr1, rtmr2, composeHash, osImageHash, appId, imageDigests };
}

/** The name of what was measured at a provider's: hex. */
export const measurementId = (provider: string, measured: Measured): string =>
  createHash('sha256').update(canonicalJson({ provider, measured })).digest('hex');

export type MeasurementState = 'seen' | 'approved' | 'refused';

/** One that was seen. */
export interface SeenMeasurement {
  /** Hex; of the provider and what was measured. */
  readonly id: string;
  readonly provider: string;
  readonly measured: Measured;
  readonly state: MeasurementState;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
}

const COLUMNS = `id, provider, measured, state, first_seen_at AS "firstSeenAt", last_seen_at AS "lastSeenAt",
  decided_by AS "decidedBy", decided_at AS "decidedAt"`;
/** Of those that nobody decided on so many are kept, those that were seen last. */
const MOST_SEEN = 200;
const NOTE = `
  INSERT INTO measurements AS known (id, provider, measured, compose) VALUES ($1, $2, $3, $4)
  ON CONFLICT (id) DO UPDATE SET last_seen_at = now(), compose = coalesce(known.compose, excluded.compose)`;
const FORGET = `
  DELETE FROM measurements WHERE state = 'seen' AND id IN (
    SELECT id FROM measurements WHERE state = 'seen' ORDER BY last_seen_at DESC OFFSET ${MOST_SEEN})`;
const LIST = `SELECT ${COLUMNS} FROM measurements ORDER BY last_seen_at DESC LIMIT 300`;
const DECIDED = `SELECT ${COLUMNS} FROM measurements WHERE state <> 'seen'`;
const COMPOSE = 'SELECT id, compose FROM measurements WHERE id = ANY ($1::text[]) AND compose IS NOT NULL';
const DECIDE = `
  UPDATE measurements SET state = $2, decided_by = CASE state WHEN $2 THEN decided_by ELSE $3 END,
    decided_at = CASE state WHEN $2 THEN decided_at ELSE now() END
  WHERE id = $1 RETURNING ${COLUMNS}`;

/** What was measured of enclaves, and what operators said of it. */
@Injectable()
export class MeasurementsRepository {
  constructor(private readonly database: ArchiveDatabase) {}

  get isConfigured(): boolean {
    return this.database.isConfigured;
  }

  /** @throws ServiceError `service_unavailable`, as all of these */
  async note(provider: string, measured: Measured, compose: string | null): Promise<void> {
    const id = measurementId(provider, measured);
    await this.database.query(NOTE, [id, provider, JSON.stringify(measured), compose]);
    await this.database.query(FORGET);
  }

  /** Those that were seen last. */
  list(): Promise<SeenMeasurement[]> {
    return this.database.query(LIST);
  }

  /** All that operators approved or refused. */
  decided(): Promise<SeenMeasurement[]> {
    return this.database.query(DECIDED);
  }

  /** Compose files by the ids of measurements, where they are known. */
  async composeFiles(ids: readonly string[]): Promise<Map<string, string>> {
    if (ids.length === 0) return new Map();
    const rows = await this.database.query<{ id: string; compose: string }>(COMPOSE, [ids]);
    return new Map(rows.map(({ id, compose }) => [id, compose]));
  }

  /** @returns undefined where there is no such measurement */
  async decide(id: string, state: MeasurementState, by: string): Promise<SeenMeasurement | undefined> {
    const [rows] = (await this.database.query(DECIDE, [id, state, by])) as [SeenMeasurement[]];
    return rows[0];
  }
}
