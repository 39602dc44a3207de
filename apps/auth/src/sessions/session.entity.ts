import type { ClientContext, UserId } from '@orgn/contracts';
import { Column, CreateDateColumn, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { UserEntity } from '../users/user.entity.ts';

/** A row of sessions: one browser of one person. The browser's secret is not in it, and the ID token only sealed by it. */
@Entity({ name: 'sessions' })
export class SessionEntity {
  /** Its public name, which lists show. */
  @PrimaryColumn({ type: 'text' })
  id!: string;

  @Column({ type: 'bytea', name: 'secret_hash' })
  secretHash!: Buffer;

  @Column({ type: 'text', name: 'user_id' })
  userId!: UserId;

  @ManyToOne(() => UserEntity)
  @JoinColumn({ name: 'user_id' })
  user?: Relation<UserEntity>;

  @Column({ type: 'text' })
  iss!: string;

  @Column({ type: 'text' })
  sub!: string;

  /** The provider's name for its own session, by which it may end ours. */
  @Column({ type: 'text', nullable: true })
  sid!: string | null;

  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' })
  createdAt!: Date;

  @CreateDateColumn({ type: 'timestamptz', name: 'last_seen_at' })
  lastSeenAt!: Date;

  /** When this person proved who they are; null: the provider does not say. */
  @Column({ type: 'timestamptz', name: 'authenticated_at', nullable: true })
  authenticatedAt!: Date | null;

  /** Of the groups whose members operate this deployment, those that the provider named at this sign-in. */
  @Column({ type: 'text', array: true, name: 'operator_groups' })
  operatorGroups!: string[];

  @Column({ type: 'bytea', name: 'id_token_sealed', nullable: true })
  idTokenSealed!: Buffer | null;

  @Column({ type: 'text', name: 'client_address', nullable: true })
  clientAddress!: string | null;

  @Column({ type: 'text', name: 'client_user_agent' })
  clientUserAgent!: ClientContext['userAgent'];
}
