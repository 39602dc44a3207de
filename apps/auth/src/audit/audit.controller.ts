import { Readable } from 'node:stream';
import { Controller, Get, Header, Req, Res, SetMetadata } from '@nestjs/common';
import { auditRoutes } from '@orgn/console-api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ConsoleCall } from '../console/console-call.ts';
import { CONSOLE_ROUTE, Implements } from '../console/implements.decorator.ts';
import { toConsoleCall } from '../console/to-console-call.ts';
import { AuditChainsService } from './audit-chains.service.ts';
import { AuditService } from './audit.service.ts';

const NDJSON = 'application/x-ndjson';

@Controller()
export class AuditController {
  constructor(
    private readonly audit: AuditService,
    private readonly chains: AuditChainsService,
  ) {}

  @Implements(auditRoutes.head)
  head(call: ConsoleCall<typeof auditRoutes.head>) {
    return this.chains.head(call);
  }

  /** Implements `auditRoutes.list` by hand, because an export is a stream that no schema can reduce. */
  @Get(auditRoutes.list.path.replace('{teamId}', ':teamId'))
  @Header('cache-control', 'no-store')
  @SetMetadata(CONSOLE_ROUTE, auditRoutes.list)
  async list(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    const call = toConsoleCall(auditRoutes.list, request);
    const wished = call.query.format ?? (request.headers.accept?.includes(NDJSON) ? 'ndjson' : 'json');
    if (wished === 'json') return auditRoutes.list.reply.parse(await this.audit.list(call));
    void reply.header('content-type', NDJSON);
    return Readable.from(this.audit.export(call));
  }
}
