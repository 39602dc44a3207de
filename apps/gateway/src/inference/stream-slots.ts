import { Injectable } from '@nestjs/common';
import type { KeyId } from '@orgn/contracts';
import { KeyTally } from '../authentication/key-tally.ts';
import { GatewayConfig } from '../config.ts';
import { Departure } from '../running/departure.ts';

/** Counts the streams that are open under each key, so that one caller cannot take every connection. */
@Injectable()
export class StreamSlots extends KeyTally {
  constructor(
    { MAX_STREAMS_PER_KEY: limit }: GatewayConfig,
    private readonly departure: Departure,
  ) {
    super(limit, (who) => `${who} has ${limit} streams open, as many as it may. Wait for one to end.`);
  }

  /** @throws ServiceError as `KeyTally`, and while this gateway leaves its callers */
  override take(lineage: KeyId, who?: string): () => void {
    this.departure.requireStreams();
    return super.take(lineage, who);
  }
}
