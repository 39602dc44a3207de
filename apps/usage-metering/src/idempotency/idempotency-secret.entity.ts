import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The secret that keys and bodies begun on one day (UTC) are hidden under. Once it is deleted no guess can be confirmed. */
@Entity({ name: 'idempotency_secrets' })
export class IdempotencySecretEntity {
  /** `2026-11-24` */
  @PrimaryColumn({ type: 'date' })
  day!: string;

  @Column({ type: 'bytea' })
  secret!: Buffer;

  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt!: Date;
}
