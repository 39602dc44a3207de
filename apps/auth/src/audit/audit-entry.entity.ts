import type { ClientContext, TeamId, UserId } from '@orgn/contracts';
import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';
import type { Actor, AuditEntry } from './audit-log.ts';

/** A row of audit_entries. Its id is a UUIDv7, so that the order of ids is the order of time. */
@Entity({ name: 'audit_entries' })
export class AuditEntryEntity {
  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  @CreateDateColumn({ type: 'timestamptz' })
  at!: Date;

  @Column({ type: 'text', name: 'team_id', nullable: true })
  teamId!: TeamId | null;

  @Column({ type: 'text', name: 'actor_kind' })
  actorKind!: Actor['kind'];

  @Column({ type: 'text', name: 'actor_id', nullable: true })
  actorId!: UserId | null;

  @Column({ type: 'text' })
  action!: string;

  @Column({ type: 'text', name: 'object_kind' })
  objectKind!: AuditEntry['object']['kind'];

  @Column({ type: 'text', name: 'object_id' })
  objectId!: string;

  @Column({ type: 'jsonb', nullable: true })
  before!: Record<string, unknown> | null;

  @Column({ type: 'jsonb', nullable: true })
  after!: Record<string, unknown> | null;

  @Column({ type: 'jsonb', nullable: true })
  client!: ClientContext | null;
}
