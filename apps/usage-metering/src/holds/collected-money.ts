import { Injectable } from '@nestjs/common';
import { ServiceLog } from '@orgn/service-kit';
import { Counter, Registry } from 'prom-client';

/** Says what was held by owners that are gone, or for requests of which nobody spoke, and went back. */
@Injectable()
export class CollectedMoney {
  readonly #collected: Counter;

  constructor(
    private readonly log: ServiceLog,
    registry: Registry,
  ) {
    this.#collected = new Counter({
      name: 'orgn_hold_collected_nano_usd_total',
      help: 'Nano-USD that dead owners had drawn, or that were held for requests of which nobody spoke, and went back.',
      registers: [registry],
    });
  }

  note(team: string, nanoUsd: string): void {
    this.#collected.inc(Number(nanoUsd));
    this.log.info('held money went back, nobody spoke of it', { team, nanoUsd });
  }

  failed(error: unknown): void {
    this.log.warn('ended blocks not collected', {}, error);
  }
}
