import { Injectable } from '@nestjs/common';
import { tellAlert, type Alert } from '@orgn/contracts';
import { Bus, ServiceLog } from '@orgn/service-kit';
import { AlertsRepository } from './alerts.repository.ts';

/** So many fail in one go, and the rest waits for the next: whoever tells people is away. */
const MOST_FAILED = 3;
const START = '0';

/** Has people told of alerts, until they are. */
@Injectable()
export class AlertTeller {
  /** Where the next go begins: one that cannot be told keeps nobody from hearing of those after it. */
  #after = START;

  constructor(
    private readonly alerts: AlertsRepository,
    private readonly bus: Bus,
    private readonly log: ServiceLog,
  ) {}

  async tellUntold(): Promise<void> {
    let failed = 0;
    while (failed < MOST_FAILED) {
      const next = await this.alerts.tellNext(this.#after, (alert) => this.#tell(alert));
      this.#after = next?.id ?? START;
      if (!next) return;
      if (!next.isTold) failed += 1;
    }
  }

  async #tell(alert: Alert): Promise<boolean> {
    try {
      await this.bus.ask(tellAlert, alert);
      return true;
    } catch (error) {
      this.log.warn('people not told of an alert, it is tried again', { alert: alert.id, teamId: alert.teamId }, error);
      return false;
    }
  }
}
