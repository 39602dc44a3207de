import type { LeakAction } from '@orgn/console-api';
import type { ExecutionPolicy, TeamId } from '@orgn/contracts';
import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** A row of teams. A deleted team keeps its row, so that its id is never given to another one. */
@Entity({ name: 'teams' })
export class TeamEntity {
  @PrimaryColumn({ type: 'text' })
  id!: TeamId;

  @Column({ type: 'text' })
  name!: string;

  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' })
  createdAt!: Date;

  @Column({ type: 'text', default: 'active' })
  standing!: 'active' | 'suspended';

  @Column({ type: 'text', name: 'suspension_reason', nullable: true })
  suspensionReason!: string | null;

  @Column({ type: 'boolean', name: 'members_may_create_keys', default: true })
  membersMayCreateKeys!: boolean;

  @Column({ type: 'text', name: 'default_execution_policy', default: 'any' })
  defaultExecutionPolicy!: ExecutionPolicy;

  @Column({ type: 'text', name: 'leak_action', default: 'revoke' })
  leakAction!: LeakAction;

  @Column({ type: 'timestamptz', name: 'deleted_at', nullable: true })
  deletedAt!: Date | null;
}
