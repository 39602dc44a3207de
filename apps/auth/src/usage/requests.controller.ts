import { Readable } from 'node:stream';
import { Controller, Get, Header, Req, Res, SetMetadata } from '@nestjs/common';
import { requestRoutes } from '@orgn/console-api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ConsoleCall } from '../console/console-call.ts';
import { CONSOLE_ROUTE, Implements } from '../console/implements.decorator.ts';
import { toConsoleCall } from '../console/to-console-call.ts';
import { toCsv, toNdjson } from './request-export.ts';
import { RequestsService } from './requests.service.ts';

const types = { csv: 'text/csv; charset=utf-8; header=present', ndjson: 'application/x-ndjson' } as const;

@Controller()
export class RequestsController {
  constructor(private readonly requests: RequestsService) {}

  @Implements(requestRoutes.get)
  get(call: ConsoleCall<typeof requestRoutes.get>) {
    return this.requests.get(call);
  }

  /** Implements `requestRoutes.list` by hand, because an export is a stream that no schema can reduce. */
  @Get(requestRoutes.list.path.replace('{teamId}', ':teamId'))
  @Header('cache-control', 'no-store')
  @SetMetadata(CONSOLE_ROUTE, requestRoutes.list)
  async list(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    const call = toConsoleCall(requestRoutes.list, request);
    const { format = 'json' } = call.query;
    if (format === 'json') return requestRoutes.list.reply.parse(await this.requests.list(call));
    const pages = this.requests.export(call);
    // The first page, so that a refusal is an answer of its own and no broken file.
    const first = await pages.next();
    void reply.header('content-type', types[format]);
    void reply.header('content-disposition', `attachment; filename="requests.${format}"`);
    const all = withFirst(first, pages);
    return Readable.from(format === 'csv' ? toCsv(all) : toNdjson(all));
  }
}

async function* withFirst<T, R>(first: IteratorResult<T, R>, rest: AsyncGenerator<T, R>): AsyncGenerator<T, R> {
  if (first.done) return first.value;
  yield first.value;
  return yield* rest;
}
