import { Injectable } from '@nestjs/common';
import { ServiceError, verifyKey } from '@orgn/contracts';
import { Bus, Health, type CheckResults } from '@orgn/service-kit';
import { CatalogueService, NOTHING_SERVED } from '../models/catalogue.service.ts';
import { RoutersService } from '../routers/routers.service.ts';

/** The digest of no key: asking for it proves that the registry answers, and from its database. */
const NO_KEY = 'A'.repeat(43);

export interface HealthReport {
  status: 'ok' | 'unavailable';
  checks: CheckResults;
}

/** Whether this deployment can serve requests, for load balancers and for people. */
@Injectable()
export class StatusService {
  constructor(
    private readonly health: Health,
    private readonly catalogue: CatalogueService,
    private readonly routers: RoutersService,
    private readonly bus: Bus,
  ) {
    health.add('key-registry', () => this.#checkRegistry());
    health.add('inference-router', () => {
      if (!routers.isConnected || catalogue.version === '') throw new Error('not connected');
    });
  }

  async healthReport(): Promise<{ isOk: boolean; report: HealthReport }> {
    const { isOk, checks } = await this.health.run();
    return { isOk, report: { status: isOk ? 'ok' : 'unavailable', checks } };
  }

  /** What runs here: version, catalogue and how the providers have been doing. `message`: what is to be done. */
  statusReport() {
    const models = this.catalogue.all().length;
    const isEmpty = this.routers.isConnected && models === 0;
    return {
      status: this.routers.isConnected && models > 0 ? 'ok' : 'degraded',
      ...(isEmpty && { message: NOTHING_SERVED }),
      version: '0.1.0',
      catalogue: { version: this.catalogue.version, models },
      providers: this.routers.providers(),
    };
  }

  async #checkRegistry(): Promise<void> {
    try {
      await this.bus.ask(verifyKey, { digest: NO_KEY });
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code !== 'invalid_api_key') throw error;
    }
  }
}
