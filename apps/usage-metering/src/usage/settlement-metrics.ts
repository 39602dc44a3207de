import { Injectable } from '@nestjs/common';
import { Counter, Histogram, Registry } from 'prom-client';

/** What an operator sees of the settlement. */
@Injectable()
export class SettlementMetrics {
  readonly #settled: Counter;
  readonly #duplicates: Counter;
  readonly #seconds: Histogram;
  readonly #batch: Histogram;
  readonly #doubled: Counter;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#settled = new Counter({
      name: 'orgn_usage_events_settled_total',
      help: 'Usage events committed, repeated ones included.',
      registers,
    });
    this.#duplicates = new Counter({
      name: 'orgn_usage_events_duplicate_total',
      help: 'Settled usage events that changed no row: said before, or outranked.',
      registers,
    });
    this.#seconds = new Histogram({
      name: 'orgn_usage_settle_seconds',
      help: 'Time to commit a batch of usage events.',
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    });
    this.#batch = new Histogram({
      name: 'orgn_usage_settle_batch_events',
      help: 'Usage events in one commit.',
      buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096, 16384],
      registers,
    });
    this.#doubled = new Counter({
      name: 'orgn_usage_double_charged_total',
      help: 'Requests that were run and charged a second time under one id. Routers let nobody do that.',
      registers,
    });
  }

  doubled(rows: number): void {
    this.#doubled.inc(rows);
  }

  /** Times a commit; it counts once it has succeeded. */
  startCommit(): (events: number, changedRows: number) => void {
    const stop = this.#seconds.startTimer();
    return (events, changedRows) => {
      stop();
      this.#batch.observe(events);
      this.#settled.inc(events);
      this.#duplicates.inc(events - changedRows);
    };
  }
}
