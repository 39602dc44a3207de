import { Injectable } from '@nestjs/common';
import type { ConsoleRoute } from '@orgn/console-api';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { AuthConfig } from '../config.ts';

export type LimitName = NonNullable<ConsoleRoute['limit']>;

const HOUR = 3_600;

/** How often each may happen, for one address, team or person, in one process. */
const LIMITS = {
  sign_in: { points: 60, duration: 60 },
  invitation: { points: 100, duration: HOUR },
  key_creation: { points: 300, duration: HOUR },
} as const satisfies Record<LimitName, { points: number; duration: number }>;

/** Counts what must not be done too often. */
@Injectable()
export class RateLimits {
  readonly #limiters: Record<LimitName, RateLimiterMemory>;

  constructor({ RATE_LIMIT_FACTOR }: AuthConfig) {
    const limiter = (name: LimitName) => {
      const { points, duration } = LIMITS[name];
      return new RateLimiterMemory({ keyPrefix: name, points: points * RATE_LIMIT_FACTOR, duration });
    };
    this.#limiters = {
      sign_in: limiter('sign_in'),
      invitation: limiter('invitation'),
      key_creation: limiter('key_creation'),
    };
  }

  /**
   * Counts one more.
   * @param whose address, team or person
   * @returns seconds until there is room again; 0: there is
   */
  async count(name: LimitName, whose: string): Promise<number> {
    try {
      await this.#limiters[name].consume(whose);
      return 0;
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) return Math.max(1, Math.ceil(refusal.msBeforeNext / 1_000));
      throw refusal;
    }
  }
}
