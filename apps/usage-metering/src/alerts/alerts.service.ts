import { Injectable } from '@nestjs/common';
import type { listAlerts, ReplyOf, RequestOf, setAlerts } from '@orgn/contracts';
import { AlertWatch } from './alert-watch.ts';
import { AlertsRepository } from './alerts.repository.ts';

/** What teams read of their alerts, and choose. */
@Injectable()
export class AlertsService {
  constructor(
    private readonly alerts: AlertsRepository,
    private readonly watch: AlertWatch,
  ) {}

  async list({ teamId, limit }: RequestOf<typeof listAlerts>): Promise<ReplyOf<typeof listAlerts>> {
    return { percents: await this.alerts.percents(teamId), alerts: await this.alerts.list(teamId, limit) };
  }

  async set({ teamId, percents }: RequestOf<typeof setAlerts>): Promise<ReplyOf<typeof setAlerts>> {
    const before = await this.alerts.percents(teamId);
    const after = [...new Set(percents)].sort((a, b) => a - b);
    await this.alerts.choose(teamId, after);
    this.watch.touch([teamId]);
    return { before, after };
  }
}
