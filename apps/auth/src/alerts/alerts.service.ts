import { Injectable } from '@nestjs/common';
import type { alertRoutes, ConsoleReplyOf } from '@orgn/console-api';
import { listAlerts, setAlerts, type Alert } from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';
import { AuditLog } from '../audit/audit-log.ts';
import { byCaller } from '../audit/by-caller.ts';
import type { ConsoleCall } from '../console/console-call.ts';
import { MoneyNotices } from '../mail/money-notices.ts';
import { Roster } from '../roster/roster.ts';

/** Alerts of a team’s money: who is told, and at which shares. */
@Injectable()
export class AlertsService {
  constructor(
    private readonly bus: Bus,
    private readonly roster: Roster,
    private readonly audit: AuditLog,
    private readonly notices: MoneyNotices,
  ) {}

  list({ membership }: ConsoleCall<typeof alertRoutes.list>): Promise<ConsoleReplyOf<typeof alertRoutes.list>> {
    return this.bus.ask(listAlerts, { teamId: membership.teamId });
  }

  set(call: ConsoleCall<typeof alertRoutes.set>): Promise<ConsoleReplyOf<typeof alertRoutes.set>> {
    const { teamId } = call.membership;
    return this.roster.hold(call, 'billing.update', async () => {
      const { before, after } = await this.bus.ask(setAlerts, { teamId, percents: call.body.percents });
      const object = { kind: 'team', id: teamId } as const;
      const entry = { ...byCaller(call), teamId, action: 'team.alerts_set', object };
      await this.audit.record({ ...entry, before: { percents: before }, after: { percents: after } });
      return { percents: after };
    });
  }

  /** Nobody waits for the mails: each is tried again where it fails. */
  tell(alert: Alert): Record<string, never> {
    this.notices.alert(alert);
    return {};
  }
}
