import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** A row of pending_sign_ins: somebody is at the provider. What it is about is sealed by their browser's secret. */
@Entity({ name: 'pending_sign_ins' })
export class PendingSignInEntity {
  @PrimaryColumn({ type: 'bytea', name: 'state_hash' })
  stateHash!: Buffer;

  @Column({ type: 'bytea', name: 'browser_hash' })
  browserHash!: Buffer;

  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' })
  createdAt!: Date;

  /** When its answer came; a second one does not count. */
  @Column({ type: 'timestamptz', name: 'answered_at', nullable: true })
  answeredAt!: Date | null;

  @Column({ type: 'bytea' })
  sealed!: Buffer;
}
