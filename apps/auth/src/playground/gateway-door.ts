import { Injectable } from '@nestjs/common';
import { openPlayground, ServiceError, type ReplyOf } from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';

export type Door = Pick<ReplyOf<typeof openPlayground>, 'gateway' | 'url' | 'token'>;

interface Known {
  at: number;
  doors: readonly Door[];
}

/** Doors are asked for anew long before their tokens end, which they do after a minute. */
const FRESH_MS = 20_000;
/** What was known stays good for so long, while it is asked for anew. */
const STALE_MS = 50_000;

/** Where gateways take requests of the playground. */
@Injectable()
export class GatewayDoors {
  #known: Known = { at: -STALE_MS, doors: [] };
  #asking: Promise<readonly Door[]> | undefined;

  constructor(private readonly bus: Bus) {}

  /** One of them. @throws ServiceError `service_unavailable` when there is none */
  async choose(): Promise<Door> {
    const doors = await this.#doors();
    const door = doors[Math.floor(Math.random() * doors.length)];
    if (door) return door;
    throw new ServiceError('service_unavailable', 'No gateway takes requests right now; try again shortly.');
  }

  /** It does not open any more: its gateway has gone. The next request asks anew. */
  forget(gone: Door): void {
    this.#known = { at: this.#known.at - FRESH_MS, doors: this.#known.doors.filter(({ url }) => url !== gone.url) };
  }

  async #doors(): Promise<readonly Door[]> {
    const age = performance.now() - this.#known.at;
    if (age < FRESH_MS) return this.#known.doors;
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined));
    if (age >= STALE_MS || this.#known.doors.length === 0) return this.#asking;
    // A survey takes its whole window; nobody waits for one while a door is known.
    this.#asking.catch(() => undefined);
    return this.#known.doors;
  }

  /** Asks twice where a busy moment let nobody answer in time. */
  async #ask(): Promise<readonly Door[]> {
    for (let tries = 0; tries < 2; tries += 1) {
      const at = performance.now();
      const doors = await this.bus.survey(openPlayground, {});
      if (doors.length === 0) continue;
      this.#known = { at, doors };
      return doors;
    }
    return [];
  }
}
