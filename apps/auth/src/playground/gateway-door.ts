import { Injectable } from '@nestjs/common';
import { openPlayground, ServiceError, type ReplyOf } from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';

export type Door = Pick<ReplyOf<typeof openPlayground>, 'gateway' | 'url' | 'token'>;

/** Doors are asked for anew long before their tokens end. */
const FRESH_MS = 20_000;

/** Where gateways take requests of the playground. */
@Injectable()
export class GatewayDoors {
  #latest: { at: number; doors: Promise<Door[]> } | undefined;

  constructor(private readonly bus: Bus) {}

  /** One of them. @throws ServiceError `service_unavailable` when there is none */
  async choose(): Promise<Door> {
    const doors = await this.#ask();
    const door = doors[Math.floor(Math.random() * doors.length)];
    if (door) return door;
    this.forget();
    throw new ServiceError('service_unavailable', 'No gateway takes requests right now; try again shortly.');
  }

  /** The next request asks anew: a gateway may have gone. */
  forget(): void {
    this.#latest = undefined;
  }

  #ask(): Promise<Door[]> {
    const now = performance.now();
    if (!this.#latest || now - this.#latest.at > FRESH_MS) {
      this.#latest = { at: now, doors: this.bus.survey(openPlayground, {}) };
      this.#latest.doors.catch(() => this.forget());
    }
    return this.#latest.doors;
  }
}
