import { Injectable } from '@nestjs/common';
import { ServiceError, toTicketStub, type RequestId } from '@orgn/contracts';
import { periodOf, readTicket, type Admission } from '@orgn/service-kit';
import { Counter, Registry } from 'prom-client';
import { RouterConfig } from '../config.ts';
import { AdmissionClock } from './admission-clock.ts';

/** A request that the registry has admitted: who pays for it, and what it may run. No gateway has a say in it. */
export interface Admitted {
  admission: Admission;
  /** Models that the key is limited to; null: every one. */
  models: string[] | null;
  /** What goes with every word on the request's usage. */
  stub: string;
}

/** Takes requests that bring a ticket of the registry's for themselves, of this period or the last. */
@Injectable()
export class AdmissionGate {
  readonly #refused: Counter;

  constructor(
    private readonly config: RouterConfig,
    private readonly clock: AdmissionClock,
    metrics: Registry,
  ) {
    this.#refused = new Counter({
      name: 'orgn_router_tickets_refused_total',
      help: 'Requests of gateways that were refused for their ticket, by reason.',
      labelNames: ['reason'],
      registers: [metrics],
    });
  }

  /**
   * @throws ServiceError `admission_refused` for a ticket that is missing, forged or another request's,
   *   `admission_expired` for one of an older period
   */
  admit(ticket: string | undefined, requestId: RequestId): Admitted {
    if (ticket === undefined) throw this.#refusal('missing');
    const read = readTicket(this.config.ADMISSION_KEYS, ticket);
    if (typeof read === 'string') throw this.#refusal(read);
    if (read.admission.requestId !== requestId) throw this.#refusal('other_request');
    this.clock.advanceTo(read.admission.admittedAtMs);
    const { nowMs } = this.clock;
    if (nowMs === undefined || periodOf(read.admission.admittedAtMs) < periodOf(nowMs) - 1) throw this.#expiry();
    return { ...read, stub: toTicketStub(ticket) };
  }

  #refusal(reason: string): ServiceError {
    this.#refused.inc({ reason });
    return new ServiceError(
      'admission_refused',
      'The request could not be admitted inside of this service; try again.',
    );
  }

  #expiry(): ServiceError {
    this.#refused.inc({ reason: 'expired' });
    return new ServiceError('admission_expired', 'The request waited too long inside of this service; try again.');
  }
}
