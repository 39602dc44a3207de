import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ServiceLog } from '@orgn/service-kit';
import { IdempotencyRepository } from './idempotency.repository.ts';

const EVERY_MS = 10 * 60_000;
/** Keys deleted in one statement, and statements in one turn: what is left waits for the next turn. */
const CHUNK = 5_000;
const MAX_CHUNKS = 200;

/** Deletes keys that have lived their 24 hours, and secrets that nothing living is hidden under. */
@Injectable()
export class IdempotencyExpiry implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly repository: IdempotencyRepository,
    private readonly log: ServiceLog,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.forget(), EVERY_MS).unref();
    void this.forget();
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  /** Never throws: what could not be deleted is deleted next time, and counts for nothing until then. */
  async forget(): Promise<void> {
    try {
      let chunks = 0;
      while (chunks < MAX_CHUNKS && (await this.repository.forgetKeys(CHUNK)) === CHUNK) chunks += 1;
      await this.repository.forgetSecrets();
    } catch (error) {
      this.log.warn('idempotency keys not cleaned up, will retry', {}, error);
    }
  }
}
