import type {
  BudgetWindow,
  ExecutionPolicy,
  KeyBudgets,
  KeyId,
  KeyState,
  KeyView,
  TeamId,
  UserId,
} from '@orgn/contracts';
import { Column, CreateDateColumn, Entity, PrimaryColumn, VirtualColumn } from 'typeorm';

/** The database's time. Not `now()`: a transaction that waited for its team's lock must not judge by when it began. */
export const NOW = 'statement_timestamp()';

/** What decides a key's state, by the database's clock: replicas of the registry cannot disagree about the time. */
export const stateSql = (alias: string) => `CASE
  WHEN ${alias}.revoked_at IS NOT NULL THEN 'revoked'
  WHEN ${alias}.expires_at <= ${NOW} THEN 'expired'
  WHEN ${alias}.suspended_at IS NOT NULL THEN 'suspended'
  WHEN ${alias}.disabled_at IS NOT NULL THEN 'disabled'
  WHEN ${alias}.replaced_by IS NOT NULL THEN 'rotating'
  ELSE 'active' END`;

/** A row of api_keys. */
@Entity({ name: 'api_keys' })
export class KeyEntity {
  @PrimaryColumn({ type: 'text' })
  id!: KeyId;

  @Column({ type: 'bytea', select: false })
  digest!: Buffer;

  @Column({ type: 'text', name: 'digest_kid', select: false })
  digestKid!: string;

  @Column({ type: 'text', name: 'team_id' })
  teamId!: TeamId;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'text' })
  hint!: string;

  @Column({ type: 'text', array: true, nullable: true })
  models!: string[] | null;

  @Column({ type: 'text', name: 'execution_policy' })
  executionPolicy!: ExecutionPolicy;

  @Column({ type: 'text', name: 'ip_allow_list', array: true, nullable: true })
  ipAllowList!: string[] | null;

  /** Decimal strings as they were given: integer nano-USD of the largest amount would not fit a JSON number. */
  @Column({ type: 'jsonb', nullable: true })
  budgets!: KeyBudgets | null;

  /** Those of its budgets that only warn. */
  @Column({ type: 'text', array: true, name: 'soft_budgets' })
  softBudgets!: BudgetWindow[];

  @Column({ type: 'integer', nullable: true })
  rpm!: number | null;

  @Column({ type: 'integer', nullable: true })
  tpm!: number | null;

  /** Requests of its lineage at a time. */
  @Column({ type: 'integer', nullable: true })
  concurrency!: number | null;

  @Column({ type: 'timestamptz', name: 'expires_at', nullable: true })
  expiresAt!: Date | null;

  @Column({ type: 'timestamptz', name: 'disabled_at', nullable: true })
  disabledAt!: Date | null;

  /** When its owner left the team; null again once somebody adopts it. */
  @Column({ type: 'timestamptz', name: 'suspended_at', nullable: true })
  suspendedAt!: Date | null;

  @Column({ type: 'timestamptz', name: 'revoked_at', nullable: true })
  revokedAt!: Date | null;

  @Column({ type: 'text', name: 'revocation_reason', nullable: true })
  revocationReason!: KeyView['revocationReason'];

  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' })
  createdAt!: Date;

  @Column({ type: 'text', name: 'created_by', nullable: true })
  createdBy!: UserId | null;

  @Column({ type: 'text', name: 'owner_id', nullable: true })
  ownerId!: UserId | null;

  @Column({ type: 'timestamptz', name: 'last_used_at', nullable: true })
  lastUsedAt!: Date | null;

  /** What kind of client its last use came from, and which network; null: not known. */
  @Column({ type: 'text', name: 'last_used_with', nullable: true })
  lastUsedWith!: KeyView['lastUsedWith'];

  @Column({ type: 'text', name: 'last_used_from', nullable: true })
  lastUsedFrom!: string | null;

  /** The rotation family: keys that follow one another share it. A key that replaces none founds its own. */
  @Column({ type: 'text', name: 'lineage_id' })
  lineageId!: KeyId;

  /** How many keys of its lineage came before it. */
  @Column({ type: 'integer' })
  generation!: number;

  @Column({ type: 'text', nullable: true })
  replaces!: KeyId | null;

  @Column({ type: 'text', name: 'replaced_by', nullable: true })
  replacedBy!: KeyId | null;

  /** How long this replaced key is accepted from the first use of a later one on; null: it waits for no such use. */
  @Column({ type: 'integer', name: 'grace_seconds', nullable: true })
  graceSeconds!: number | null;

  @VirtualColumn({ type: 'text', query: stateSql })
  state!: KeyState;
}
