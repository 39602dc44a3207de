import { Injectable } from '@nestjs/common';
import { Strangers, type Attempted, type Detail } from '../console/strangers.ts';
import { RateLimits } from './rate-limits.ts';

/** A token or a report that does not prove where it comes from. */
export interface Forgery extends Detail {
  attempt: Attempted;
  reason: string;
  /** Event of the log line. */
  line: string;
}

/**
 * Counts what claims to be signed and is not. Only that is counted, and only once its signature has failed: an honest sender
 * is never refused for what others send from its network.
 */
@Injectable()
export class Forgeries {
  constructor(
    private readonly limits: RateLimits,
    private readonly strangers: Strangers,
  ) {}

  /** @throws TooOften when this network has sent too many */
  count({ attempt, reason, line, ...detail }: Forgery, address: string): void {
    this.strangers.count(attempt, reason, line, detail);
    this.limits.countStranger('forgery', address);
  }
}
