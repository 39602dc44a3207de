import type { Execution, KeyId, RequestId, TeamId, UsageOutcome, UsageRow, UsageWitness } from '@orgn/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One request's usage. The table is partitioned by request id, which TypeORM neither knows nor needs to. */
@Entity({ name: 'usage_rows' })
export class UsageRowEntity {
  @PrimaryColumn({ name: 'request_id', type: 'uuid' })
  requestId!: RequestId;

  @Column({ name: 'team_id', type: 'text' })
  teamId!: TeamId;

  @Column({ name: 'key_id', type: 'text' })
  keyId!: KeyId;

  @Column({ type: 'text' })
  model!: string;

  @Column({ type: 'text' })
  provider!: string;

  @Column({ type: 'text' })
  execution!: Execution;

  @Column({ type: 'text' })
  outcome!: UsageOutcome;

  @Column({ name: 'counted_by', type: 'text' })
  countedBy!: UsageRow['countedBy'];

  @Column({ type: 'text' })
  witness!: UsageWitness;

  @Column({ type: 'boolean' })
  streamed!: boolean;

  /** The driver hands 64-bit integers out as text. */
  @Column({ name: 'prompt_tokens', type: 'bigint' })
  promptTokens!: string;

  @Column({ name: 'completion_tokens', type: 'bigint' })
  completionTokens!: string;

  @Column({ name: 'cost_nano_usd', type: 'bigint' })
  costNanoUsd!: string;

  @Column({ name: 'price_version', type: 'text' })
  priceVersion!: string;

  @Column({ name: 'started_at', type: 'timestamptz' })
  startedAt!: Date;

  @Column({ name: 'duration_ms', type: 'bigint' })
  durationMs!: string;

  /** How much the word behind this row is trusted; only a higher one replaces it. */
  @Column({ type: 'smallint' })
  rank!: number;

  @Column({ name: 'recorded_at', type: 'timestamptz' })
  recordedAt!: Date;
}
