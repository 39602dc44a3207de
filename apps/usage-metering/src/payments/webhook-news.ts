import { Injectable } from '@nestjs/common';
import { ServiceLog } from '@orgn/service-kit';
import { Counter, Registry } from 'prom-client';

/** Tells the operator what was heard of payments. */
@Injectable()
export class WebhookNews {
  readonly #heard: Counter;

  constructor(
    private readonly log: ServiceLog,
    registry: Registry,
  ) {
    this.#heard = new Counter({
      name: 'orgn_payment_webhooks_total',
      help: 'Webhooks of the payment service that were believed, by what came of them.',
      labelNames: ['outcome'],
      registers: [registry],
    });
  }

  heard(kind: string, outcome: string): void {
    this.#heard.inc({ outcome });
    this.log.info('payment heard of', { kind, outcome });
  }
}
