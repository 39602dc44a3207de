import type { KeyId } from '@orgn/contracts';
import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** A row of leak_reports: a report that was acted on, by a fingerprint of what it said. */
@Entity({ name: 'leak_reports' })
export class LeakReportEntity {
  @PrimaryColumn({ type: 'bytea' })
  fingerprint!: Buffer;

  @Column({ type: 'text', name: 'key_id' })
  keyId!: KeyId;

  @CreateDateColumn({ type: 'timestamptz', name: 'acted_at' })
  actedAt!: Date;
}
