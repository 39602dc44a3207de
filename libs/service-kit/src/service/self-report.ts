import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { SERVICE_WORD_MS, serviceDescribed, type PayloadOf, type Service } from '@orgn/contracts';
import type { Bus } from '../bus/bus.ts';
import type { Health } from '../health/health.ts';

/** How finely the loop is looked at, in milliseconds: a loop that never stands still is late by as much. */
const RESOLUTION_MS = 20;

/** Of the package that this file is part of: this library, or the service in whose bundle it is. All have the release's version. */
const { version } = JSON.parse(readFileSync(findPackageJSON('..', import.meta.url) ?? '', 'utf8')) as {
  version: string;
};

export type Backlog = PayloadOf<typeof serviceDescribed>['backlog'];

interface Reporter {
  bus: Bus;
  health: Health;
  service: Service;
  instance: string;
  /** What waits to be settled, at whoever settles it. */
  backlog: () => Backlog;
}

/** Says on the bus, every few seconds, which release this process is and how it is. */
export class SelfReport {
  readonly #startedAt = new Date().toISOString();
  readonly #loop = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly reporter: Reporter) {}

  start(): void {
    this.#loop.enable();
    this.#timer = setInterval(() => void this.#say(), SERVICE_WORD_MS).unref();
    void this.#say();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#loop.disable();
  }

  async #say(): Promise<void> {
    const { bus, health, service, instance, backlog } = this.reporter;
    const { checks } = await health.run();
    const faults = Object.fromEntries(Object.entries(checks).filter(([, result]) => result !== 'ok'));
    const loopLagMs = this.#longestStandstill();
    const startedAt = this.#startedAt;
    bus.broadcast(serviceDescribed, { service, instance, version, startedAt, faults, loopLagMs, backlog: backlog() });
  }

  #longestStandstill(): number {
    const ms = Math.round(this.#loop.max / 1e6) - RESOLUTION_MS;
    this.#loop.reset();
    return Math.max(0, ms);
  }
}
