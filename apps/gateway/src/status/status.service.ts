import { Injectable } from '@nestjs/common';
import { Health, type CheckResults } from '@orgn/service-kit';
import { CatalogueService, NOTHING_SERVED } from '../models/catalogue.service.ts';
import { RoutersService } from '../routers/routers.service.ts';
import { HeardStates } from './heard-states.ts';

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
    private readonly heard: HeardStates,
  ) {
    health.add('schemas', () => this.heard.schemas.require());
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
    const isServing = this.routers.isConnected && models > 0;
    return {
      status: isServing && this.heard.schemas.incomplete.length === 0 ? 'ok' : 'degraded',
      ...(isEmpty && { message: NOTHING_SERVED }),
      version: '0.1.0',
      catalogue: { version: this.catalogue.version, models },
      providers: this.routers.providers(),
      schemas: this.heard.schemas.report(),
      attestation: this.heard.enclaves.report(),
    };
  }
}
