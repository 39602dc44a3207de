import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { keysChanged, ServiceError } from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';
import { CallersService, isRefusal, requireAllowed, type Caller } from '../authentication/callers.service.ts';
import { GatewayConfig } from '../config.ts';
import { RecentChanges } from './recent-changes.ts';
import { ownersOf, RunningRequests } from './running-requests.ts';
import { RunningRequest, type KeyUse } from './running-request.ts';

/** How often it is looked which requests are due: a fifth of the time after which they are. */
const LOOKS = 5;
/** So many times REVERIFY_MS may pass without a word from the registry. */
const PATIENCE = 3;

/**
 * Asks again about the keys of requests that run: every REVERIFY_MS, and at once when something was announced to have
 * changed. A request whose key is not good for it any more is cut. While the registry is silent requests run on for
 * three times as long, then they are cut too.
 */
@Injectable()
export class KeyWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #changes = new RecentChanges();
  #timer: NodeJS.Timeout | undefined;
  #stopListening: () => void = () => undefined;

  constructor(
    private readonly bus: Bus,
    private readonly callers: CallersService,
    private readonly running: RunningRequests,
    private readonly config: GatewayConfig,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => this.#look(), this.config.REVERIFY_MS / LOOKS);
    this.#stopListening = this.bus.listen(keysChanged, ({ keyIds, teamIds }) => {
      const ids = [...keyIds, ...teamIds];
      this.#changes.note(ids, performance.now());
      for (const request of this.running.under(ids)) void this.#check(request);
    });
  }

  /** Called once the API host has closed, so that requests are watched until their end. */
  onApplicationShutdown(): void {
    clearInterval(this.#timer);
    this.#stopListening();
  }

  /**
   * Runs a request under watch.
   * @param work ends soon after the signal that it gets was aborted, with the signal's reason as the caller's error
   */
  async during<T>(use: KeyUse, work: (cut: AbortSignal) => Promise<T>): Promise<T> {
    const request = new RunningRequest(use);
    this.running.add(request);
    if (this.#changes.hasAny(ownersOf(request), use.caller.askedAt)) void this.#check(request);
    try {
      return await work(request.cut);
    } finally {
      this.running.remove(request);
    }
  }

  #look(): void {
    const now = performance.now();
    for (const request of this.running.all()) {
      if (!request.isAsking && request.ageAt(now) >= this.config.REVERIFY_MS) void this.#check(request);
      else if (request.isAsking) this.#cutIfForgotten(request);
    }
  }

  async #check(request: RunningRequest): Promise<void> {
    try {
      await request.ask(() => this.#judge(request.use));
    } catch (error) {
      if (isRefusal(error)) this.running.cut(request, error);
      else this.#cutIfForgotten(request);
    }
  }

  async #judge({ key, models }: KeyUse): Promise<Caller> {
    const caller = await this.callers.confirm(key);
    for (const model of models) requireAllowed(caller, model);
    return caller;
  }

  #cutIfForgotten(request: RunningRequest): void {
    if (request.ageAt(performance.now()) < PATIENCE * this.config.REVERIFY_MS) return;
    const message = 'The API key could not be verified while the answer was under way; try again.';
    this.running.cut(request, new ServiceError('service_unavailable', message));
  }
}
