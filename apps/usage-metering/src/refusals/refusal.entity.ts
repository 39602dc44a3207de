import type { KeyId, Refusal, RequestId, TeamId, UserId } from '@orgn/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of refusals. */
@Entity({ name: 'refusals' })
export class RefusalEntity {
  @PrimaryColumn({ name: 'request_id', type: 'uuid' })
  requestId!: RequestId;

  @Column({ name: 'team_id', type: 'text' })
  teamId!: TeamId;

  @Column({ name: 'key_id', type: 'text' })
  keyId!: KeyId;

  @Column({ name: 'owner_id', type: 'text', nullable: true })
  ownerId!: UserId | null;

  @Column({ type: 'text' })
  code!: Refusal['code'];

  @Column({ type: 'text', nullable: true })
  param!: string | null;

  @Column({ type: 'text', nullable: true })
  model!: string | null;

  @Column({ type: 'text' })
  path!: string;

  /** The driver hands 64-bit integers out as text. */
  @Column({ name: 'duration_ms', type: 'bigint' })
  durationMs!: string;

  @Column({ type: 'timestamptz' })
  at!: Date;
}
