import { Injectable } from '@nestjs/common';
import type { ConsoleRoute } from '@orgn/console-api';
import { networkOf, RateLimiter, toClientAddress, type RateLimit } from '@orgn/service-kit';
import { AuthConfig } from '../config.ts';
import { TooOften } from '../console/too-often.ts';

/**
 * `public`: whatever strangers may ask that has no limit of its own. `session_guess`: cookies of no session. `forgery`:
 * tokens and reports with a false signature.
 */
export type LimitName = NonNullable<ConsoleRoute['limit']> | 'public' | 'session_guess' | 'forgery';

const MINUTE = 60;
const HOUR = 3_600;

/** How often each may happen in one process: for one network of strangers (IPv4 /24, IPv6 /48), team or person. */
const LIMITS = {
  sign_in: { points: 60, seconds: MINUTE },
  sign_in_answer: { points: 120, seconds: MINUTE },
  public: { points: 600, seconds: MINUTE },
  session_guess: { points: 120, seconds: MINUTE },
  forgery: { points: 60, seconds: MINUTE },
  invitation: { points: 100, seconds: HOUR },
  key_creation: { points: 300, seconds: HOUR },
  playground: { points: 120, seconds: MINUTE },
  report: { points: 300, seconds: MINUTE },
} as const satisfies Record<LimitName, RateLimit>;

/** Counts what must not be done too often: the one place, with bounded memory. */
@Injectable()
export class RateLimits {
  readonly #limiters: ReadonlyMap<LimitName, RateLimiter>;

  constructor({ RATE_LIMIT_FACTOR: factor }: AuthConfig) {
    const limiters = Object.entries(LIMITS).map(([name, { points, seconds }]) => {
      const limiter = new RateLimiter({ points: Math.max(1, Math.floor(points * factor)), seconds });
      return [name as LimitName, limiter] as const;
    });
    this.#limiters = new Map(limiters);
  }

  /**
   * Counts one more.
   * @param whose team or person
   * @throws TooOften
   */
  count(name: LimitName, whose: string): void {
    const seconds = this.#limiters.get(name)?.count(whose) ?? 0;
    if (seconds > 0) throw new TooOften(seconds);
  }

  /** Counts one more of a stranger, by their network: an IPv6 customer has as many addresses as they like. */
  countStranger(name: LimitName, address: string): void {
    this.count(name, networkOf(toClientAddress(address)));
  }

  /** Asks whether a stranger's network has room, and counts nothing. @throws TooOften */
  requireRoom(name: LimitName, address: string): void {
    const seconds = this.#limiters.get(name)?.outlook(networkOf(toClientAddress(address))) ?? 0;
    if (seconds > 0) throw new TooOften(seconds);
  }
}
