import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ServiceLog } from '@orgn/service-kit';
import { DailyLimits } from '../permissions/daily-limits.ts';
import { SessionsRepository } from '../sessions/sessions.repository.ts';
import { PendingSignInsRepository } from '../sign-in/pending-sign-ins.repository.ts';
import { SeenLogoutTokensRepository } from './seen-logout-tokens.repository.ts';

const SWEEP_EVERY_MS = 600_000;

/** What else ends with time. */
@Injectable()
export class Ephemera {
  constructor(
    readonly seen: SeenLogoutTokensRepository,
    readonly days: DailyLimits,
  ) {}
}

/** Deletes what time has ended. Nothing waits for it: whatever has expired is refused wherever it is looked up. */
@Injectable()
export class Sweeper implements OnApplicationBootstrap, OnApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  readonly #tables: { sweep(): Promise<void> }[];

  constructor(
    sessions: SessionsRepository,
    pending: PendingSignInsRepository,
    rest: Ephemera,
    private readonly log: ServiceLog,
  ) {
    this.#tables = [sessions, pending, rest.seen, rest.days];
  }

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.sweep(), SWEEP_EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  async sweep(): Promise<void> {
    for (const table of this.#tables) {
      await table.sweep().catch((error: unknown) => this.log.error('sweep failed', error));
    }
  }
}
