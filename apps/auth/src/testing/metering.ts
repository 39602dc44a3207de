import { randomBytes } from 'node:crypto';
import { recordRefusals, type Refusal, type RequestId, type UserId } from '@orgn/contracts';
import { usageMeteringService } from '@orgn/usage-metering';
import { migrations } from '@orgn/usage-metering/migrations';
import type { TestSchema } from '@orgn/testing';
import { Client } from 'pg';
import type { AuthHost } from './auth-host.ts';

/** The schema that a host needs for a metering beside it. */
export const meteringSchema: TestSchema = { name: 'usage_metering', migrations };

/** A request that was dispatched, as far as a test says. */
export interface Used {
  teamId: string;
  keyId: string;
  ownerId?: UserId | null;
  at?: Date;
  model?: string;
  outcome?: string;
  source?: 'api' | 'playground';
  /** False: a row of a release that did not record whose key it was. */
  isRecorded?: boolean;
  costNanoUsd?: number;
}

const usual = {
  ...{
    ownerId: null,
    model: 'near_qwen3_30b',
    outcome: 'completed',
    costNanoUsd: 1_000,
    source: 'api',
    isRecorded: true,
  },
  get at() {
    return new Date();
  },
};

/** The real metering beside an auth service, with rows as a test wants them. */
export class Metering {
  static async beside(host: AuthHost, more: Record<string, string> = {}): Promise<Metering> {
    const parts = { instance: 'usage-metering-1', schema: 'usage_metering', more };
    await host.backbone.start(usageMeteringService, parts);
    const database = new Client({ connectionString: host.backbone.postgres.urlOf('usage_metering') });
    await database.connect();
    return new Metering(host, database);
  }

  private constructor(
    private readonly host: AuthHost,
    readonly database: Client,
  ) {}

  /** @returns the request's id */
  async use(used: Used): Promise<RequestId> {
    const { teamId, keyId, ownerId, at, model, outcome, costNanoUsd, source, isRecorded } = { ...usual, ...used };
    const id = requestIdOf(at);
    const whose = isRecorded ? [ownerId, keyId] : [null, null];
    await this.database.query(
      `INSERT INTO usage_rows (request_id, team_id, key_id, owner_id, lineage_id, model, provider, execution, outcome,
         counted_by, witness, streamed, prompt_tokens, completion_tokens, cost_nano_usd, price_version, started_at,
         duration_ms, rank, recorded_at, source)
       VALUES ($1, $2, $3, $4, $5, $6, 'near', 'tee', $7, 'provider', 'router', false, 10, 5, $8, 'v1', $9, 250, 2, now(), $10)`,
      [id, teamId, keyId, ...whose, model, outcome, costNanoUsd, at, source],
    );
    return id;
  }

  /** @returns the request's id */
  async refuse(refusal: Pick<Refusal, 'teamId' | 'keyId' | 'ownerId'> & Partial<Refusal>): Promise<RequestId> {
    const requestId = requestIdOf(new Date());
    const what = {
      code: 'model_not_allowed',
      param: 'model',
      model: 'near_qwen3_30b',
      path: '/v1/chat/completions',
    } as const;
    const told = { requestId, durationMs: 2, ...what, ...refusal };
    await this.host.backbone.bus.ask(recordRefusals, { refusals: [told], more: [] });
    return told.requestId;
  }

  close(): Promise<void> {
    return this.database.end();
  }
}

/** A UUIDv7 of a moment. */
export function requestIdOf(at: Date): RequestId {
  const time = at.getTime().toString(16).padStart(12, '0');
  const random = randomBytes(10).toString('hex');
  const hex = `${time}7${random.slice(0, 3)}8${random.slice(3, 18)}`;
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') as RequestId;
}
