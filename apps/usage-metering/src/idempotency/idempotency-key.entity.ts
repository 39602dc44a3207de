import type { IdempotencyOutcome, RequestId, TeamId } from '@orgn/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The first request under an idempotency key. Written by the database's function `begin_idempotent`. */
@Entity({ name: 'idempotency_keys' })
export class IdempotencyKeyEntity {
  @PrimaryColumn({ name: 'team_id', type: 'text' })
  teamId!: TeamId;

  @PrimaryColumn({ name: 'key_hmac', type: 'bytea' })
  keyHmac!: Buffer;

  @Column({ name: 'body_hmac', type: 'bytea' })
  bodyHmac!: Buffer;

  @Column({ name: 'request_id', type: 'uuid' })
  requestId!: RequestId;

  /** Null until the gateway has said how the request ended. */
  @Column({ type: 'text', nullable: true })
  outcome!: IdempotencyOutcome | null;

  @Column({ name: 'started_at', type: 'timestamptz' })
  startedAt!: Date;
}
