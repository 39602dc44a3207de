import { Injectable } from '@nestjs/common';
import { ServiceError } from '@orgn/contracts';
import { Counter, Registry } from 'prom-client';
import { RefusalError } from '../errors/refusal.error.ts';

/** Counts requests that were refused for their key, by the code they were refused with. */
@Injectable()
export class KeyRefusals {
  readonly #counter: Counter;

  constructor(metrics: Registry) {
    this.#counter = new Counter({
      name: 'orgn_edge_key_refusals_total',
      help: 'Requests refused for their API key: by form, by the registry, by address or by the brake on guessing.',
      labelNames: ['reason'],
      registers: [metrics],
    });
  }

  count(error: unknown): void {
    if (error instanceof ServiceError) this.#counter.inc({ reason: error.code });
    if (error instanceof RefusalError) this.#counter.inc({ reason: error.refusal.code });
  }
}
