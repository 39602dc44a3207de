import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { findGateways, ServiceError } from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';
import { RunningRequests } from './running-requests.ts';

const LOOK_MS = 20;

/**
 * How this gateway leaves its callers. Where another gateway is there, this one takes nothing new: who connects anew comes to
 * that one. The only one goes on answering until what it had begun has ended, and begins no stream meanwhile: so callers are
 * without a gateway for as long as the next one takes to start, and not for as long as the longest answer takes as well.
 */
@Injectable()
export class Departure implements BeforeApplicationShutdown {
  #isLeaving = false;
  #takesStreams = true;

  constructor(
    private readonly bus: Bus,
    private readonly running: RunningRequests,
  ) {}

  /** Whether this gateway is no place to go to any more. */
  get isLeaving(): boolean {
    return this.#isLeaving;
  }

  /** Nest calls it while the API host still listens, and closes that once it resolves. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#isLeaving = true;
    if (this.running.all().length === 0 || (await this.#isAnotherThere())) return;
    this.#takesStreams = false;
    const begun = new Set(this.running.all());
    while (this.running.all().some((request) => begun.has(request))) await delay(LOOK_MS);
  }

  /** @throws ServiceError while a stream would hold up the end of this gateway */
  requireStreams(): void {
    if (this.#takesStreams) return;
    throw new ServiceError('service_unavailable', 'The gateway is being restarted; try again shortly.');
  }

  /** Without the bus nobody can be asked, and nothing can be answered. */
  async #isAnotherThere(): Promise<boolean> {
    const others = await this.bus.survey(findGateways, {}).catch(() => undefined);
    return others === undefined || others.length > 0;
  }
}
