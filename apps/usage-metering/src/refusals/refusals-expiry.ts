import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ServiceLog } from '@orgn/service-kit';
import { RefusalsRepository } from './refusals.repository.ts';

const EVERY_MS = 10 * 60_000;
/** Refusals deleted in one statement, and statements in one turn: what is left waits for the next turn. */
const CHUNK = 5_000;
const MAX_CHUNKS = 200;

/** Deletes refusals that are two weeks old. */
@Injectable()
export class RefusalsExpiry implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly refusals: RefusalsRepository,
    private readonly log: ServiceLog,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.forget(), EVERY_MS).unref();
    void this.forget();
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  /** Never throws: what could not be deleted is deleted next time. */
  async forget(): Promise<void> {
    try {
      let chunks = 0;
      while (chunks < MAX_CHUNKS && (await this.refusals.forget(CHUNK)) === CHUNK) chunks += 1;
    } catch (error) {
      this.log.warn('refusals not cleaned up, will retry', {}, error);
    }
  }
}
