import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of seen_logout_tokens: a logout token that was obeyed, and is not obeyed again. */
@Entity({ name: 'seen_logout_tokens' })
export class SeenLogoutTokenEntity {
  @PrimaryColumn({ type: 'bytea', name: 'jti_hash' })
  jtiHash!: Buffer;

  @Column({ type: 'timestamptz', name: 'seen_at' })
  seenAt!: Date;
}
