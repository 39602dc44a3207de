import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { alertChanged, type Alert } from '@orgn/contracts';
import { Bus, ServiceLog } from '@orgn/service-kit';
import { AlertTeller } from './alert-teller.ts';
import { AlertsRepository, type RefusedScope } from './alerts.repository.ts';

/** How soon a limit that is nearly used up is told of. */
const LOOK_MS = 5_000;
/** How often all teams are gone through: what a process knew that has died is found then. */
const ALL_MS = 600_000;
/** Teams that are remembered at most; beyond that, all are gone through. */
const MOST_TOUCHED = 10_000;

/** Looks at the limits of teams whose money has moved, opens and closes alerts, and has people told. */
@Injectable()
export class AlertWatch implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #touched = new Set<string>();
  readonly #refused = new Map<string, RefusedScope>();
  #timer: NodeJS.Timeout | undefined;
  #allAt = performance.now();
  #looking: Promise<void> | undefined;

  constructor(
    private readonly alerts: AlertsRepository,
    private readonly teller: AlertTeller,
    private readonly bus: Bus,
    private readonly log: ServiceLog,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => {
      if (this.#looking === undefined) void this.look();
    }, LOOK_MS).unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  /** The money of these teams has moved. */
  touch(teamIds: Iterable<string>): void {
    for (const teamId of teamIds) {
      if (this.#touched.size >= MOST_TOUCHED) this.#allAt = -Infinity;
      else this.#touched.add(teamId);
    }
  }

  /** A request was refused, because what is left of a limit does not cover it. */
  refused(refusal: RefusedScope): void {
    this.touch([refusal.teamId]);
    const name = [refusal.teamId, refusal.kind, refusal.subject, refusal.period, refusal.startsAt.getTime()].join(' ');
    const known = this.#refused.get(name);
    // The least that did not fit says most.
    if (known ? refusal.nanoUsd < known.nanoUsd : this.#refused.size < MOST_TOUCHED) this.#refused.set(name, refusal);
  }

  /** After whatever is being looked at now. Never throws. */
  look(): Promise<void> {
    const looking: Promise<void> = (this.#looking ?? Promise.resolve())
      .then(() => this.#look())
      .catch((error: unknown) => this.log.error('limits could not be looked at', error))
      .finally(() => {
        if (this.#looking === looking) this.#looking = undefined;
      });
    this.#looking = looking;
    return looking;
  }

  async #look(): Promise<void> {
    await this.#lookAtTouched();
    if (performance.now() - this.#allAt > ALL_MS) await this.#lookAtAll();
    await this.teller.tellUntold();
  }

  /** What could not be looked at is touched as before. */
  async #lookAtTouched(): Promise<void> {
    const [teamIds, refused] = [[...this.#touched], [...this.#refused.values()]];
    this.#touched.clear();
    this.#refused.clear();
    if (teamIds.length === 0) return;
    try {
      this.#announce(await this.alerts.check(teamIds, refused));
    } catch (error) {
      this.touch(teamIds);
      for (const each of refused) this.refused(each);
      throw error;
    }
  }

  async #lookAtAll(): Promise<void> {
    this.#allAt = performance.now();
    let page = await this.alerts.teamsAfter('');
    while (page.length > 0) {
      this.#announce(await this.alerts.check(page, []));
      page = await this.alerts.teamsAfter(page.at(-1) ?? '');
    }
  }

  #announce(alerts: Alert[]): void {
    if (alerts.length > 0) this.bus.broadcast(alertChanged, { alerts });
  }
}
