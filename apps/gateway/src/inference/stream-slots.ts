import { Injectable } from '@nestjs/common';
import { KeyTally } from '../authentication/key-tally.ts';
import { GatewayConfig } from '../config.ts';

/** Counts the streams that are open under each key, so that one caller cannot take every connection. */
@Injectable()
export class StreamSlots extends KeyTally {
  constructor({ MAX_STREAMS_PER_KEY: limit }: GatewayConfig) {
    super(limit, `This API key has ${limit} streams open, as many as it may. Wait for one to end.`);
  }
}
