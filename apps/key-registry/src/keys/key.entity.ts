import type { ExecutionPolicy, KeyId, KeyState, KeyView, TeamId } from '@orgn/contracts';
import { Column, CreateDateColumn, Entity, PrimaryColumn, VirtualColumn } from 'typeorm';

/** What decides a key's state, by the database's clock: replicas of the registry cannot disagree about the time. */
export const stateSql = (alias: string) => `CASE
  WHEN ${alias}.revoked_at IS NOT NULL THEN 'revoked'
  WHEN ${alias}.expires_at <= now() THEN 'expired'
  WHEN ${alias}.disabled_at IS NOT NULL THEN 'disabled'
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

  @Column({ type: 'timestamptz', name: 'expires_at', nullable: true })
  expiresAt!: Date | null;

  @Column({ type: 'timestamptz', name: 'disabled_at', nullable: true })
  disabledAt!: Date | null;

  @Column({ type: 'timestamptz', name: 'revoked_at', nullable: true })
  revokedAt!: Date | null;

  @Column({ type: 'text', name: 'revocation_reason', nullable: true })
  revocationReason!: KeyView['revocationReason'];

  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' })
  createdAt!: Date;

  @Column({ type: 'timestamptz', name: 'last_used_at', nullable: true })
  lastUsedAt!: Date | null;

  /** The rotation family: keys that follow one another share it. A key that replaces none founds its own. */
  @Column({ type: 'text', name: 'lineage_id' })
  lineageId!: KeyId;

  @VirtualColumn({ type: 'text', query: stateSql })
  state!: KeyState;
}
