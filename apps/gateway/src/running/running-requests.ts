import { Injectable } from '@nestjs/common';
import { FleetingMap } from '@orgn/collections';
import { ServiceError, type KeyId, type TeamId } from '@orgn/contracts';
import { ServiceLog } from '@orgn/service-kit';
import { Counter, Gauge, Registry } from 'prom-client';
import type { RunningRequest } from './running-request.ts';

type OwnerId = KeyId | TeamId;
type Requests = FleetingMap<number, RunningRequest>;

/** The requests that run at this gateway, by the key and by the team they run under. */
@Injectable()
export class RunningRequests {
  readonly #all: Requests = new FleetingMap();
  readonly #byOwner = new Map<OwnerId, Requests>();
  readonly #cuts: Counter;

  constructor(
    private readonly log: ServiceLog,
    metrics: Registry,
  ) {
    const count = () => this.#all.size;
    new Gauge({
      name: 'orgn_edge_running_requests',
      help: 'Requests between the verification of their key and their end.',
      registers: [metrics],
      collect() {
        this.set(count());
      },
    });
    this.#cuts = new Counter({
      name: 'orgn_edge_cut_requests_total',
      help: 'Running requests that were ended because their key stopped being good for them, by error code.',
      labelNames: ['code'],
      registers: [metrics],
    });
  }

  add(request: RunningRequest): void {
    this.#all.set(request.number, request);
    for (const id of ownersOf(request)) {
      const known = this.#byOwner.get(id) ?? new FleetingMap();
      this.#byOwner.set(id, known.set(request.number, request));
    }
  }

  remove(request: RunningRequest): void {
    this.#all.delete(request.number);
    for (const id of ownersOf(request)) {
      const known = this.#byOwner.get(id);
      known?.delete(request.number);
      if (known?.size === 0) this.#byOwner.delete(id);
    }
  }

  all(): RunningRequest[] {
    return [...this.#all.values()];
  }

  /** Those that run under one of these keys or teams, each once. */
  under(ids: readonly OwnerId[]): Set<RunningRequest> {
    return new Set(ids.flatMap((id) => this.#under(id)));
  }

  /** How many run under a key or a team, and how many of them are streams. */
  countUnder(id: OwnerId): { requests: number; streams: number } {
    const requests = this.#under(id);
    return { requests: requests.length, streams: requests.filter(({ use }) => use.isStream).length };
  }

  /** Ends all of them because this process ends: callers are told, and what they got is recorded. */
  cutAll(): void {
    const error = new ServiceError('service_unavailable', 'The gateway was restarted while it answered; try again.');
    for (const request of this.all()) this.cut(request, error);
  }

  /** Ends a request with the error that its caller is to see. */
  cut(request: RunningRequest, error: ServiceError): void {
    if (request.cut.aborted || !this.#all.has(request.number)) return;
    const { requestId, caller } = request.use;
    this.#cuts.inc({ code: error.code });
    this.log.info('request cut', { requestId, keyId: caller.keyId, code: error.code });
    request.cutOff(error);
  }

  #under(id: OwnerId): RunningRequest[] {
    return [...(this.#byOwner.get(id)?.values() ?? [])];
  }
}

/** Key and team: their ids cannot be mistaken for each other. */
export function ownersOf({ use: { caller } }: RunningRequest): OwnerId[] {
  return [caller.keyId, caller.teamId];
}
