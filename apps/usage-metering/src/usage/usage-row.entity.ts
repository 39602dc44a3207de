import type {
  BillingMode,
  Execution,
  KeyId,
  RequestId,
  RoutingClaims,
  TeamId,
  UsageOutcome,
  UsageRow,
  UsageSource,
  UsageWitness,
  UserId,
} from '@orgn/contracts';
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

  /** When the database admitted it. */
  @Column({ name: 'started_at', type: 'timestamptz' })
  startedAt!: Date;

  @Column({ name: 'duration_ms', type: 'bigint' })
  durationMs!: string;

  /** How much the word behind this row is trusted; only a higher one replaces it. */
  @Column({ type: 'smallint' })
  rank!: number;

  @Column({ name: 'recorded_at', type: 'timestamptz' })
  recordedAt!: Date;

  @Column({ name: 'owner_id', type: 'text', nullable: true })
  ownerId!: UserId | null;

  @Column({ name: 'lineage_id', type: 'text', nullable: true })
  lineageId!: KeyId | null;

  @Column({ type: 'text', nullable: true })
  instance!: string | null;

  @Column({ name: 'cached_tokens', type: 'bigint', nullable: true })
  cachedTokens!: string | null;

  @Column({ name: 'cache_write_tokens', type: 'bigint', nullable: true })
  cacheWriteTokens!: string | null;

  @Column({ name: 'reasoning_tokens', type: 'bigint', nullable: true })
  reasoningTokens!: string | null;

  @Column({ type: 'bigint', nullable: true })
  images!: string | null;

  @Column({ name: 'audio_seconds', type: 'bigint', nullable: true })
  audioSeconds!: string | null;

  @Column({ name: 'search_units', type: 'bigint', nullable: true })
  searchUnits!: string | null;

  @Column({ type: 'bigint', nullable: true })
  requests!: string | null;

  @Column({ type: 'jsonb', nullable: true })
  claims!: RoutingClaims | null;

  @Column({ type: 'text' })
  source!: UsageSource;

  /** Written by a release that kept no ledger: it stands outside of the books. */
  @Column({ name: 'before_ledger', type: 'boolean', default: false })
  beforeLedger!: boolean;

  /** How the deployment charged for it when it was first settled. */
  @Column({ type: 'text', default: 'off' })
  billing!: BillingMode;

  /** What was held for it: nano-USD, and the blocks that it was of. */
  @Column({ type: 'text', nullable: true })
  hold!: string | null;

  /** Whether a receipt of it is due. */
  @Column({ name: 'receipt_due', type: 'boolean', default: false })
  receiptDue!: boolean;

  /** The request whose id this run had, too: that id has its row already, of another run. */
  @Column({ name: 'second_of', type: 'uuid', nullable: true })
  secondOf!: RequestId | null;
}
