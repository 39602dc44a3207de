import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A good usage word whose price metering does not know yet. */
@Entity({ name: 'waiting_words' })
export class WaitingWordEntity {
  /** Digest of the word, so that one that is said again waits once. */
  @PrimaryColumn({ type: 'text' })
  id!: string;

  @Column({ type: 'timestamptz', default: () => 'clock_timestamp()' })
  at!: Date;

  @Column({ type: 'text' })
  witness!: string;

  /** JSON, as its contract parsed it. */
  @Column({ type: 'text' })
  payload!: string;
}
