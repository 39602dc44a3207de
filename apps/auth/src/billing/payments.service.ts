import { Injectable } from '@nestjs/common';
import type { billingRoutes } from '@orgn/console-api';
import { cancelPayment, openPayment, type Payment } from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';
import { AuditLog } from '../audit/audit-log.ts';
import { byCaller } from '../audit/by-caller.ts';
import { AuthConfig } from '../config.ts';
import type { ConsoleCall } from '../console/console-call.ts';
import { Roster } from '../roster/roster.ts';

/** What people do to pay in. */
@Injectable()
export class PaymentsService {
  constructor(
    private readonly roster: Roster,
    private readonly bus: Bus,
    private readonly audit: AuditLog,
    private readonly config: AuthConfig,
  ) {}

  /** @throws ServiceError as `openPayment` may refuse */
  open(call: ConsoleCall<typeof billingRoutes.pay>): Promise<Payment> {
    const { membership, caller, body } = call;
    const { teamId } = membership;
    return this.roster.hold(call, 'billing.update', async () => {
      const returnUrl = `${this.config.CONSOLE_URL}/teams/${teamId}/billing`;
      const asked = { teamId, userId: caller.userId, amount: body.amountUsd, returnUrl };
      const payment = await this.bus.ask(openPayment, asked);
      await this.#record(call, 'payment.opened', payment);
      return payment;
    });
  }

  /** @throws ServiceError as `cancelPayment` may refuse */
  cancel(call: ConsoleCall<typeof billingRoutes.cancel>): Promise<Payment> {
    const { membership, params } = call;
    return this.roster.hold(call, 'billing.update', async () => {
      const payment = await this.bus.ask(cancelPayment, { teamId: membership.teamId, paymentId: params.paymentId });
      await this.#record(call, 'payment.cancelled', payment);
      return payment;
    });
  }

  #record(call: Parameters<typeof byCaller>[0], action: string, { id, teamId, amountNanoUsd }: Payment): Promise<void> {
    const object = { kind: 'team', id: teamId } as const;
    return this.audit.record({ ...byCaller(call), teamId, action, object, after: { payment: id, amountNanoUsd } });
  }
}
