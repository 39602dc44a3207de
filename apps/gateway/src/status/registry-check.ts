import { Injectable } from '@nestjs/common';
import { ServiceError, verifyKey } from '@orgn/contracts';
import { Bus, Health } from '@orgn/service-kit';

/** The digest of no key: asking for it proves that the registry answers, and from its database. */
const NO_KEY = 'A'.repeat(43);

/** No registry, no requests: its answer is one of the conditions of this gateway's health. */
@Injectable()
export class RegistryCheck {
  constructor(
    private readonly bus: Bus,
    health: Health,
  ) {
    health.add('key-registry', () => this.#check());
  }

  async #check(): Promise<void> {
    try {
      await this.bus.ask(verifyKey, { digest: NO_KEY });
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code !== 'invalid_api_key') throw error;
    }
  }
}
