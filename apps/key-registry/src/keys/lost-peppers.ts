import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ServiceLog } from '@orgn/service-kit';
import { KeyRegistryConfig } from '../config.ts';
import { KeysRepository } from './keys.repository.ts';

/** A pepper that was dropped too early makes keys unknown without a trace: says so at the start. */
@Injectable()
export class LostPeppers implements OnApplicationBootstrap {
  constructor(
    private readonly keys: KeysRepository,
    private readonly config: KeyRegistryConfig,
    private readonly log: ServiceLog,
  ) {}

  onApplicationBootstrap(): void {
    void this.#warn();
  }

  async #warn(): Promise<void> {
    const kids = this.config.KEY_PEPPERS.map(({ kid }) => kid);
    try {
      const lost = await this.keys.findKidsOutside(kids);
      if (lost.length > 0)
        this.log.error('keys are stored under peppers that KEY_PEPPERS lacks', undefined, { kids: lost });
    } catch (error) {
      this.log.warn('peppers in use could not be read', {}, error);
    }
  }
}
