import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Measurements } from '@orgn/attestation';
import {
  measurementsDecided,
  ServiceError,
  type decideMeasurement,
  type listMeasurements,
  type ReplyOf,
  type RequestOf,
} from '@orgn/contracts';
import { Bus, ServiceLog } from '@orgn/service-kit';
import { measuredOf, MeasurementsRepository, type SeenMeasurement } from '../archive/measurements.repository.ts';
import type { ProviderName } from '../providers/provider.ts';
import { ApprovedSessions } from './approved-sessions.ts';

type Shown = ReplyOf<typeof listMeasurements>['measurements'][number];

/** Routers that missed a decision learn of it by then. */
const LOOK_MS = 15_000;
const compared = ['mrtd', 'rtmr0', 'rtmr1', 'rtmr2', 'composeHash', 'osImageHash', 'appId', 'imageDigests'] as const;

/** What operators approve of what enclaves run. New software is noted, with what changed, and gets no prompt until somebody did. */
@Injectable()
export class Approvals implements OnApplicationBootstrap, OnApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #stopListening: () => void = () => undefined;

  constructor(
    private readonly repository: MeasurementsRepository,
    private readonly approved: ApprovedSessions,
    private readonly bus: Bus,
    private readonly log: ServiceLog,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.repository.isConfigured) return;
    this.approved.onUnapproved((provider, measurements) => this.#try(() => this.#note(provider, measurements)));
    this.#stopListening = this.bus.listen(measurementsDecided, () => this.#try(() => this.#look()));
    this.#timer = setInterval(() => this.#try(() => this.#look()), LOOK_MS).unref();
    this.#try(() => this.#look());
  }

  onApplicationShutdown(): void {
    this.#stopListening();
    clearInterval(this.#timer);
  }

  /** @throws ServiceError `service_unavailable` */
  async list(): Promise<ReplyOf<typeof listMeasurements>> {
    if (!this.repository.isConfigured) return { measurements: [] };
    const all = await this.repository.list();
    return { measurements: all.map((one) => toShown(one, all)) };
  }

  /** @throws ServiceError `not_found`, `service_unavailable` */
  async decide({ id, state, by }: RequestOf<typeof decideMeasurement>): Promise<ReplyOf<typeof decideMeasurement>> {
    const decided = await this.repository.decide(id, state, by);
    if (!decided) throw new ServiceError('not_found', 'There is no such measurement.', { param: 'id' });
    this.log.info('measurement decided', { provider: decided.provider, state, measurement: id });
    this.bus.broadcast(measurementsDecided, { provider: decided.provider });
    await this.#look();
    return { measurement: toShown(decided, await this.repository.list()) };
  }

  async #note(provider: ProviderName, measurements: Measurements): Promise<void> {
    await this.repository.note(provider, measuredOf(measurements));
  }

  /** One look after the other: what was read before a decision never counts after it. Whoever waits, waits until it counts. */
  #look(): Promise<void> {
    const look = this.#looking.then(() => this.#lookNow());
    this.#looking = look.catch(() => undefined);
    return look;
  }

  async #lookNow(): Promise<void> {
    const all = await this.repository.list();
    await this.approved.take(all.flatMap((one) => (one.state === 'seen' ? [] : [{ ...one, state: one.state }])));
  }

  #try(work: () => Promise<void>): void {
    work().catch((error: unknown) => this.log.warn('approved measurements not looked at, will retry', {}, error));
  }
}

function toShown(one: SeenMeasurement, all: readonly SeenMeasurement[]): Shown {
  const { measured, firstSeenAt, lastSeenAt, decidedAt, ...rest } = one;
  const former = all
    .filter(({ provider, state, id }) => provider === one.provider && state === 'approved' && id !== one.id)
    .sort((a, b) => Number(b.decidedAt) - Number(a.decidedAt))[0];
  return {
    ...rest,
    ...measured,
    imageDigests: [...measured.imageDigests],
    ...{ firstSeenAt: firstSeenAt.toISOString(), lastSeenAt: lastSeenAt.toISOString() },
    decidedAt: decidedAt?.toISOString() ?? null,
    changed: former ? compared.filter((name) => String(former.measured[name]) !== String(measured[name])) : null,
  };
}
