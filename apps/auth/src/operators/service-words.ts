import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { ServiceView } from '@orgn/console-api';
import { SERVICE_WORD_MS, serviceDescribed, services, type PayloadOf } from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';

type Word = PayloadOf<typeof serviceDescribed>;

/** Two words may be lost on the way. */
const SILENT_MS = 3 * SERVICE_WORD_MS;
/** Whoever has been silent for as long has gone. */
const GONE_MS = 60_000;
/** More processes than any deployment has are not kept. */
const MAX_KEPT = 500;

/** What every process last said of itself. */
@Injectable()
export class ServiceWords implements OnModuleDestroy {
  readonly #words = new Map<string, { word: Word; heardAt: number }>();
  readonly #stopListening: () => void;

  constructor(bus: Bus) {
    this.#stopListening = bus.listen(serviceDescribed, (word) => this.#hear(word));
  }

  onModuleDestroy(): void {
    this.#stopListening();
  }

  /** In the order of the services, and of the names of their processes. */
  list(now = Date.now()): ServiceView[] {
    this.#forget(now);
    return [...this.#words.values()]
      .map(({ word, heardAt }) => ({
        ...word,
        heardAt: new Date(heardAt).toISOString(),
        state: stateOf(word, now - heardAt),
      }))
      .sort((one, other) => rank(one) - rank(other) || one.instance.localeCompare(other.instance));
  }

  #hear(word: Word): void {
    const name = `${word.service}/${word.instance}`;
    if (this.#words.size >= MAX_KEPT && !this.#words.has(name)) return this.#forget(Date.now());
    this.#words.set(name, { word, heardAt: Date.now() });
  }

  #forget(now: number): void {
    for (const [name, { heardAt }] of this.#words) if (now - heardAt > GONE_MS) this.#words.delete(name);
  }
}

function stateOf({ faults }: Word, silentMs: number): ServiceView['state'] {
  if (silentMs > SILENT_MS) return 'silent';
  return Object.keys(faults).length === 0 ? 'well' : 'unwell';
}

function rank({ service }: Word): number {
  return services.indexOf(service);
}
