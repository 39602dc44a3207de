import { Catch, NotFoundException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { ServiceLog } from '@orgn/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { dialectOf } from '../paths/dialect.ts';
import { unknownEndpoint } from '../paths/unknown-endpoint.ts';
import { isDeclared, reasonOf, toEdgeAnswer } from './edge-error.ts';
import { RefusalError } from './refusal.error.ts';

/** The one place where a failure becomes an HTTP answer. */
@Catch()
export class EdgeErrorFilter implements ExceptionFilter {
  constructor(private readonly log: ServiceLog) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const exception = thrown instanceof NotFoundException ? new RefusalError(unknownEndpoint(request)) : thrown;
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (!isDeclared(exception)) this.log.error('request failed', exception, { requestId: request.id });
    if (reply.sent) return;
    noteReason(request, exception);
    const answer = toEdgeAnswer(exception, { requestId: request.id, dialect: dialectOf(request) });
    // What was decided about a repetition while the request ran outweighs what its code says in general.
    const decided = reply.getHeader('x-should-retry');
    void reply.status(answer.status).headers(answer.headers).header('x-request-id', request.id);
    if (decided !== undefined) void reply.header('x-should-retry', decided);
    void reply.send(answer.body);
  }
}

/** Requests that failed before they were met have no facts. */
function noteReason({ facts }: { facts?: FastifyRequest['facts'] }, exception: unknown): void {
  if (facts) facts.refusal = reasonOf(exception);
}
