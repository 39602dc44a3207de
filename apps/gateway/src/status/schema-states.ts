import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { schemaKeeper, schemaWatched, type SchemaKeeper } from '@orgn/contracts';
import { Bus, Unwell } from '@orgn/service-kit';

/** A word counts for three of the ten seconds in which the next one comes. */
const COUNTS_MS = 30_000;

export type SchemaState = 'ok' | 'incomplete' | 'unknown';

interface Word {
  service: SchemaKeeper;
  isWhole: boolean;
  at: number;
}

/** What the services that have a schema say of it. */
@Injectable()
export class SchemaStates implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #words = new Map<string, Word>();
  #stopListening: () => void = () => undefined;

  constructor(private readonly bus: Bus) {}

  onApplicationBootstrap(): void {
    this.#stopListening = this.bus.listen(schemaWatched, ({ service, instance, isWhole }) => {
      this.#forgetOld();
      this.#words.set(`${service} ${instance}`, { service, isWhole, at: performance.now() });
    });
  }

  onModuleDestroy(): void {
    this.#stopListening();
  }

  /** One instance that misses something is enough; `unknown`: none has been heard of lately. */
  report(): Record<SchemaKeeper, SchemaState> {
    return Object.fromEntries(schemaKeeper.options.map((service) => [service, this.#stateOf(service)])) as Record<
      SchemaKeeper,
      SchemaState
    >;
  }

  /** The services whose schema is known to be incomplete. */
  get incomplete(): SchemaKeeper[] {
    return schemaKeeper.options.filter((service) => this.#stateOf(service) === 'incomplete');
  }

  /** @throws Unwell naming them */
  require(): void {
    const { incomplete } = this;
    if (incomplete.length > 0) throw new Unwell(`incomplete: ${incomplete.join(', ')}`);
  }

  #stateOf(service: SchemaKeeper): SchemaState {
    this.#forgetOld();
    const words = [...this.#words.values()].filter((word) => word.service === service);
    if (words.length === 0) return 'unknown';
    return words.every(({ isWhole }) => isWhole) ? 'ok' : 'incomplete';
  }

  #forgetOld(): void {
    const since = performance.now() - COUNTS_MS;
    for (const [name, { at }] of this.#words) if (at < since) this.#words.delete(name);
  }
}
