import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { providerNames, type ProviderName } from './provider.ts';
import { ProvidersService } from './providers.service.ts';

/** How one attempt at a provider ended. `left`: by our own doing, mostly because the caller went away. */
export type AttemptOutcome = 'answered' | 'refused' | 'failed' | 'timed_out' | 'left' | 'circuit_open';

/** What an operator sees of the providers. */
@Injectable()
export class ProviderMetrics {
  readonly #attempts: Counter;
  readonly #retries: Counter;
  readonly #fallbacks: Counter;
  readonly #routing: Counter;
  readonly #firstByte: Histogram;

  constructor(registry: Registry, providers: ProvidersService) {
    const registers = [registry];
    const counter = (name: string, help: string, labelNames: string[]) =>
      new Counter({ name, help, labelNames, registers });
    this.#attempts = counter('orgn_provider_attempts_total', 'Requests sent to a provider, by outcome.', [
      'provider',
      'outcome',
    ]);
    this.#retries = counter('orgn_provider_retries_total', 'Requests sent again to the same provider.', ['provider']);
    this.#fallbacks = counter('orgn_provider_fallbacks_total', "Requests moved to the caller's next model.", [
      'provider',
    ]);
    this.#routing = counter('orgn_provider_routing_total', 'What answers claimed about their routing.', [
      'provider',
      'verdict',
    ]);
    this.#firstByte = new Histogram({
      name: 'orgn_provider_first_byte_seconds',
      help: 'Time until a provider began to answer.',
      labelNames: ['provider'],
      buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
      registers,
    });
    new Gauge({
      name: 'orgn_provider_circuit',
      help: 'State of the circuit to a provider: 1 closed, 0.5 half open, 0 open.',
      labelNames: ['provider'],
      registers,
      collect() {
        for (const provider of providerNames) {
          const state = providers.circuitOf(provider);
          if (state) this.set({ provider }, { closed: 1, half_open: 0.5, open: 0 }[state]);
        }
      },
    });
  }

  attempted(provider: ProviderName, outcome: AttemptOutcome): void {
    this.#attempts.inc({ provider, outcome });
  }

  retried(provider: ProviderName): void {
    this.#retries.inc({ provider });
  }

  fellBack(provider: ProviderName): void {
    this.#fallbacks.inc({ provider });
  }

  claimed(provider: ProviderName, verdict: 'compliant' | 'breach'): void {
    this.#routing.inc({ provider, verdict });
  }

  answeredAfter(provider: ProviderName, seconds: number): void {
    this.#firstByte.observe({ provider }, seconds);
  }
}
