import type { Role, TeamId, UserId } from '@orgn/contracts';
import { Column, CreateDateColumn, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { UserEntity } from '../users/user.entity.ts';

/** A row of memberships: somebody's place in a team. */
@Entity({ name: 'memberships' })
export class MembershipEntity {
  @PrimaryColumn({ type: 'text', name: 'team_id' })
  teamId!: TeamId;

  @PrimaryColumn({ type: 'text', name: 'user_id' })
  userId!: UserId;

  @Column({ type: 'text' })
  role!: Role;

  @CreateDateColumn({ type: 'timestamptz', name: 'joined_at' })
  joinedAt!: Date;

  @ManyToOne(() => UserEntity)
  @JoinColumn({ name: 'user_id' })
  user?: UserEntity;
}
