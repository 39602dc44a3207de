import { Counter, Gauge, type Registry } from 'prom-client';

/** What an operator sees of a publisher. */
export class PublisherMetrics {
  readonly #refused: Counter;
  readonly #repeated: Counter;

  /** @param unsettled counts the events that wait for their consumer's word */
  constructor(registry: Registry, unsettled: () => number) {
    const registers = [registry];
    new Gauge({
      name: 'orgn_events_unsettled',
      help: 'Events that this process has published, or is to, and whose consumer has not confirmed them.',
      registers,
      collect() {
        this.set(unsettled());
      },
    });
    this.#refused = new Counter({
      name: 'orgn_events_refused_total',
      help: 'Messages that the event stream did not take: it is full, unreachable or not there.',
      registers,
    });
    this.#repeated = new Counter({
      name: 'orgn_events_repeated_total',
      help: 'Messages that were published again.',
      registers,
    });
  }

  refused(): void {
    this.#refused.inc();
  }

  repeated(messages: number): void {
    this.#repeated.inc(messages);
  }
}
