import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
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
import { composeChanges } from './compose-file.ts';
import type { Unapproved } from './policies.ts';

type Shown = ReplyOf<typeof listMeasurements>['measurements'][number];

/** Routers that missed a decision learn of it by then. */
const LOOK_MS = 15_000;
/** Of so many that wait for a decision it is shown what changed in their compose files. */
const MOST_COMPARED = 12;
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
    this.approved.onUnapproved((provider, found) => this.#try(() => this.#note(provider, found)));
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
    return { measurements: await this.#toShown(await this.repository.list()) };
  }

  /** @throws ServiceError `not_found`, `service_unavailable` */
  async decide({ id, state, by }: RequestOf<typeof decideMeasurement>): Promise<ReplyOf<typeof decideMeasurement>> {
    const decided = await this.repository.decide(id, state, by);
    if (!decided) throw new ServiceError('not_found', 'There is no such measurement.', { param: 'id' });
    this.log.info('measurement decided', { provider: decided.provider, state, measurement: id });
    this.bus.broadcast(measurementsDecided, { provider: decided.provider });
    await this.#look();
    const [measurement] = await this.#toShown([decided]);
    return { measurement: measurement as Shown };
  }

  async #note(provider: ProviderName, { measured, compose }: Unapproved): Promise<void> {
    await this.repository.note(provider, measuredOf(measured), compose);
  }

  async #toShown(some: readonly SeenMeasurement[]): Promise<Shown[]> {
    const decided = await this.repository.decided();
    const pairs = some.map((one) => ({ one, former: formerOf(one, decided) }));
    const waiting = pairs.filter(({ one }) => one.state === 'seen').slice(0, MOST_COMPARED);
    const files = await this.repository.composeFiles(
      waiting.flatMap(({ one, former }) => (former ? [one.id, former.id] : [])),
    );
    return pairs.map(({ one, former }) => toShown(one, former, files));
  }

  /** One look after the other: what was read before a decision never counts after it. Whoever waits, waits until it counts. */
  #look(): Promise<void> {
    const look = this.#looking.then(() => this.#lookNow());
    this.#looking = look.catch(() => undefined);
    return look;
  }

  async #lookNow(): Promise<void> {
    const decided = await this.repository.decided();
    await this.approved.take(decided.flatMap((one) => (one.state === 'seen' ? [] : [{ ...one, state: one.state }])));
  }

  #try(work: () => Promise<void>): void {
    work().catch((error: unknown) => this.log.warn('approved measurements not looked at, will retry', {}, error));
  }
}

/** What was approved last of the same provider. */
function formerOf(one: SeenMeasurement, decided: readonly SeenMeasurement[]): SeenMeasurement | undefined {
  return decided
    .filter(({ provider, state, id }) => provider === one.provider && state === 'approved' && id !== one.id)
    .toSorted((a, b) => Number(b.decidedAt) - Number(a.decidedAt))[0];
}

function toShown(one: SeenMeasurement, former: SeenMeasurement | undefined, files: ReadonlyMap<string, string>): Shown {
  const { measured, firstSeenAt, lastSeenAt, decidedAt, ...rest } = one;
  const [before, after] = [files.get(former?.id ?? ''), files.get(one.id)];
  return {
    ...rest,
    ...measured,
    imageDigests: [...measured.imageDigests],
    ...{ firstSeenAt: firstSeenAt.toISOString(), lastSeenAt: lastSeenAt.toISOString() },
    decidedAt: decidedAt?.toISOString() ?? null,
    changed: former ? compared.filter((name) => String(former.measured[name]) !== String(measured[name])) : null,
    composeChanges: before === undefined || after === undefined ? null : composeChanges(before, after),
  };
}
