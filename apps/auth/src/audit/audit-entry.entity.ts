import type { ClientContext, TeamId, UserId } from '@orgn/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Actor, AuditEntry } from './audit-log.ts';

/** Parts of an entry that name a person. They can be blanked without breaking the chain. */
export interface PersonalNames {
  /** The operator's, as the bus knows them. */
  actor?: string;
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
}

/** A row of audit_entries. Its id is a UUIDv7, so that the order of ids is the order of time. */
@Entity({ name: 'audit_entries' })
export class AuditEntryEntity {
  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  /** Its number in its chain, from 1. */
  @Column({ type: 'bigint' })
  seq!: string;

  @Column({ type: 'timestamptz' })
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

  @Column({ type: 'jsonb', nullable: true })
  names!: PersonalNames | null;

  @Column({ type: 'bytea', nullable: true, select: false })
  salt!: Buffer | null;

  @Column({ type: 'bytea', name: 'client_digest', nullable: true, select: false })
  clientDigest!: Buffer | null;

  @Column({ type: 'bytea', name: 'names_digest', nullable: true, select: false })
  namesDigest!: Buffer | null;

  @Column({ type: 'bytea', select: false })
  hash!: Buffer;
}
