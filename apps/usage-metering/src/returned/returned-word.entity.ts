import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A message of usage words that a restored backup brought along: the stream held it when the backup was taken. */
@Entity({ name: 'returned_words' })
export class ReturnedWordEntity {
  @PrimaryColumn({ type: 'bigint' })
  id!: string;

  @Column({ type: 'text' })
  subject!: string;

  /** JSON, as it was published. */
  @Column({ type: 'text' })
  payload!: string;
}
