import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { tellAdmissionTime } from '@orgn/contracts';
import { Bus, Health, ServiceLog } from '@orgn/service-kit';

/** How often the registry is asked, and how often while its answer has never come, in milliseconds. */
const ASK_MS = 10_000;
const RETRY_MS = 250;

/**
 * The database's time as the registry tells it, carried on by a clock that nobody can set. This host's own clock takes no
 * part, and until the registry has answered once there is no time, and no request is accepted.
 */
@Injectable()
export class AdmissionClock implements OnApplicationBootstrap, OnApplicationShutdown {
  #known: { databaseMs: number; at: number } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopping = false;
  readonly #told = Promise.withResolvers<undefined>();

  constructor(
    private readonly bus: Bus,
    private readonly log: ServiceLog,
    health: Health,
  ) {
    health.add('admission', () => {
      if (this.nowMs === undefined) throw new Error('the time of the database is not known');
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.#ask();
  }

  onApplicationShutdown(): void {
    this.#isStopping = true;
    clearTimeout(this.#timer);
  }

  /** Resolves once the time is known. */
  get isTold(): Promise<undefined> {
    return this.#told.promise;
  }

  /** Database time, milliseconds since 1970: late by a round trip at most. Undefined while nobody has told it. */
  get nowMs(): number | undefined {
    return this.#known && this.#known.databaseMs + performance.now() - this.#known.at;
  }

  /** A good ticket proves that the database has reached its time. It cannot tell the time where nobody has. */
  advanceTo(databaseMs: number): void {
    if (this.nowMs !== undefined && databaseMs > this.nowMs) this.#known = { databaseMs, at: performance.now() };
  }

  /** The registry has the last word, also where the database's clock was set back. */
  async #ask(): Promise<void> {
    try {
      const { databaseMs } = await this.bus.ask(tellAdmissionTime, {});
      this.#known = { databaseMs, at: performance.now() };
      this.#told.resolve(undefined);
    } catch (error) {
      if (!this.#known) this.log.debug('time of admission not told yet', {});
      else this.log.warn('time of admission not told, going on by what is known', {}, error);
    }
    if (this.#isStopping) return;
    this.#timer = setTimeout(() => void this.#ask(), this.#known ? ASK_MS : RETRY_MS).unref();
  }
}
