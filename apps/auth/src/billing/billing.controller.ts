import { Controller, Get, Header, Req, Res, SetMetadata } from '@nestjs/common';
import { billingRoutes } from '@orgn/console-api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ConsoleCall } from '../console/console-call.ts';
import { CONSOLE_ROUTE, Implements } from '../console/implements.decorator.ts';
import { toConsoleCall } from '../console/to-console-call.ts';
import { BillingService } from './billing.service.ts';
import { toCsv } from './statement-csv.ts';

@Controller()
export class BillingController {
  constructor(private readonly billing: BillingService) {}

  @Implements(billingRoutes.overview)
  overview(call: ConsoleCall<typeof billingRoutes.overview>) {
    return this.billing.overview(call);
  }

  @Implements(billingRoutes.balance)
  balance(call: ConsoleCall<typeof billingRoutes.balance>) {
    return this.billing.balance(call);
  }

  @Implements(billingRoutes.ledger)
  ledger(call: ConsoleCall<typeof billingRoutes.ledger>) {
    return this.billing.ledger(call);
  }

  /** Implements `billingRoutes.statement` by hand: as CSV it is a file. */
  @Get(billingRoutes.statement.path.replace('{teamId}', ':teamId'))
  @Header('cache-control', 'no-store')
  @SetMetadata(CONSOLE_ROUTE, billingRoutes.statement)
  async statement(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    const call = toConsoleCall(billingRoutes.statement, request);
    const statement = await this.billing.statement(call);
    if (call.query.format !== 'csv') return billingRoutes.statement.reply.parse(statement);
    void reply.header('content-type', 'text/csv; charset=utf-8; header=present');
    void reply.header('content-disposition', `attachment; filename="statement-${statement.month}.csv"`);
    return toCsv(statement);
  }
}
