import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A usage word that was not settled, and why. */
@Entity({ name: 'quarantined_words' })
export class QuarantinedWordEntity {
  /** Digest of the word. */
  @PrimaryColumn({ type: 'text' })
  id!: string;

  /** When it was set aside, by the database's clock. */
  @Column({ type: 'timestamptz', default: () => 'clock_timestamp()' })
  at!: Date;

  @Column({ type: 'text' })
  reason!: string;

  /** The kind of process that said it, as its subject proves; null where the subject proves none. */
  @Column({ type: 'text', nullable: true })
  witness!: string | null;

  @Column({ type: 'text' })
  subject!: string;

  /** The word as JSON, with nothing but what its contract knows; null where it matches none. */
  @Column({ type: 'text', nullable: true })
  payload!: string | null;
}
