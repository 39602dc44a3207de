import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { alertChanged, tellAlert, type Alert } from '@orgn/contracts';
import { Bus, ServiceLog } from '@orgn/service-kit';
import { AlertsRepository } from './alerts.repository.ts';

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
  #timer: NodeJS.Timeout | undefined;
  #allAt = performance.now();
  #looking: Promise<void> | undefined;

  constructor(
    private readonly alerts: AlertsRepository,
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
    const teamIds = [...this.#touched];
    this.#touched.clear();
    if (teamIds.length > 0) this.#announce(await this.alerts.check(teamIds));
    if (performance.now() - this.#allAt > ALL_MS) await this.#lookAtAll();
    await this.alerts.tellUntold(async (alert) => {
      await this.bus.ask(tellAlert, alert);
    });
  }

  async #lookAtAll(): Promise<void> {
    this.#allAt = performance.now();
    let page = await this.alerts.teamsAfter('');
    while (page.length > 0) {
      this.#announce(await this.alerts.check(page));
      page = await this.alerts.teamsAfter(page.at(-1) ?? '');
    }
  }

  #announce(alerts: Alert[]): void {
    if (alerts.length > 0) this.bus.broadcast(alertChanged, { alerts });
  }
}
