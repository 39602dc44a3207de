import type { ModelPrice, UsageWitness } from '@orgn/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a model cost in one version of the catalogue. Written once: a version is a digest of what it says. */
@Entity({ name: 'listed_prices' })
export class ListedPriceEntity {
  @PrimaryColumn({ type: 'text' })
  version!: string;

  @PrimaryColumn({ type: 'text' })
  model!: string;

  @Column({ type: 'jsonb' })
  price!: ModelPrice;

  /** The kind of witness that it is known from. */
  @Column({ name: 'listed_by', type: 'text', default: 'gateway' })
  listedBy!: UsageWitness;

  @Column({ name: 'listed_at', type: 'timestamptz', default: () => 'clock_timestamp()' })
  listedAt!: Date;
}
