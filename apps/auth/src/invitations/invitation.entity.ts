import type { Role, TeamId, UserId } from '@orgn/contracts';
import { Column, CreateDateColumn, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { UserEntity } from '../users/user.entity.ts';

/** A row of invitations: one that nobody has accepted or taken back. Of its token only the SHA-256 is kept. */
@Entity({ name: 'invitations' })
export class InvitationEntity {
  /** A UUIDv7, so that the order of ids is the order of time. */
  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  @Column({ type: 'text', name: 'team_id' })
  teamId!: TeamId;

  @Column({ type: 'text' })
  email!: string;

  @Column({ type: 'text' })
  role!: Role;

  @Column({ type: 'bytea', name: 'token_digest' })
  tokenDigest!: Buffer;

  /** Null: the operator. */
  @Column({ type: 'text', name: 'invited_by', nullable: true })
  invitedBy!: UserId | null;

  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' })
  createdAt!: Date;

  @Column({ type: 'timestamptz', name: 'expires_at' })
  expiresAt!: Date;

  @ManyToOne(() => UserEntity)
  @JoinColumn({ name: 'invited_by' })
  inviter?: UserEntity | null;
}
