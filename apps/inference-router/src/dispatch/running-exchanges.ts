import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { FleetingMap } from '@orgn/collections';
import { ServiceError } from '@orgn/contracts';
import type { Admission } from '@orgn/service-kit';
import { Gauge, Registry } from 'prom-client';
import { subjectOf } from '../admission/permission.ts';
import { RouterConfig } from '../config.ts';
import type { Exchange } from '../exchange/exchange.ts';

/** How often it is looked whether exchanges have ended. */
const LOOK_MS = 20;

/**
 * The exchanges that run, from their dispatch to their recorded end. Some outlast their caller, for the provider's final
 * figures: they count too, as streams of their key and as what a stop waits for.
 */
@Injectable()
export class RunningExchanges {
  readonly #running = new FleetingMap<number, Exchange>();
  #count = 0;
  readonly #streams = new Map<string, number>();

  constructor(
    private readonly config: RouterConfig,
    registry: Registry,
  ) {
    const count = () => this.count;
    new Gauge({
      name: 'orgn_router_running_exchanges',
      help: 'Requests under way, those included whose caller has left.',
      registers: [registry],
      collect() {
        this.set(count());
      },
    });
  }

  /** Those included whose caller has left. */
  get count(): number {
    return this.#running.size;
  }

  /** @throws ServiceError `rate_limit_exceeded` when the key (the first of its rotation family) has too many streams here */
  requireSlot(admission: Pick<Admission, 'lineageId' | 'source'>): void {
    const limit = this.config.MAX_STREAMS_PER_KEY;
    if ((this.#streams.get(admission.lineageId) ?? 0) < limit) return;
    const message = `${subjectOf(admission)} has ${limit} streams under way, as many as it may. Those whose caller left count until the model has ended.`;
    throw new ServiceError('rate_limit_exceeded', message);
  }

  /** @returns what is to be called once it has ended */
  add(exchange: Exchange): () => void {
    const number = (this.#count += 1);
    const { lineageId } = exchange.order.admitted.admission;
    const { isStream } = exchange.request;
    this.#running.set(number, exchange);
    if (isStream) this.#streams.set(lineageId, (this.#streams.get(lineageId) ?? 0) + 1);
    return () => {
      if (this.#running.delete(number) && isStream) this.#freeSlot(lineageId);
    };
  }

  /** Ends what still runs: what it used is recorded, and its caller told. */
  cutAll(): void {
    const cause = new ServiceError('service_unavailable', 'The service was restarted while it answered; try again.');
    for (const exchange of this.#running.values()) exchange.cut(cause);
  }

  /** Resolves once all that run now have ended. */
  async haveEnded(): Promise<void> {
    const begun = [...this.#running.keys()];
    while (begun.some((number) => this.#running.has(number))) await delay(LOOK_MS);
  }

  #freeSlot(lineage: string): void {
    const open = (this.#streams.get(lineage) ?? 1) - 1;
    if (open === 0) this.#streams.delete(lineage);
    else this.#streams.set(lineage, open);
  }
}
