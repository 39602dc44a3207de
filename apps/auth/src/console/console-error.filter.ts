import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { PROBLEM_TYPE } from '@orgn/console-api';
import { ServiceError } from '@orgn/contracts';
import { ServiceLog } from '@orgn/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { errorPage } from '../pages/error-page.ts';
import { isDatabaseOutage } from './database-outage.ts';
import { toProblem } from './to-problem.ts';

/** Below /api, only these are opened by browsers themselves. */
const API_PATH = /^\/api(?!\/auth\/(?:login|callback)(?:\?|$))(?:\/|\?|$)/;

/** Renders what this host refuses: a problem document under /api, a page where browsers go. Never quotes the request. */
@Catch()
export class ConsoleErrorFilter implements ExceptionFilter {
  constructor(protected readonly log: ServiceLog) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const error = toServiceError(thrown);
    const problem = toProblem(error, request.id);
    if (problem.status >= 500) this.log.error('request failed', thrown, { requestId: request.id });
    const [type, body] = API_PATH.test(request.url)
      ? [PROBLEM_TYPE, JSON.stringify(problem)]
      : ['text/html; charset=utf-8', errorPage({ title: problem.title, detail: problem.detail })];
    const reply = http.getResponse<FastifyReply>();
    void reply
      .status(problem.status)
      .headers({ 'cache-control': 'no-store', 'content-type': type, 'x-request-id': request.id })
      .send(body);
  }
}

/** Nest's and Fastify's own refusals, in our words: theirs may quote the request. */
function toServiceError(thrown: unknown): ServiceError {
  if (thrown instanceof ServiceError) return thrown;
  if (isDatabaseOutage(thrown)) {
    return new ServiceError('service_unavailable', 'This cannot be read or written right now; try again shortly.');
  }
  const status = statusOf(thrown);
  if (status === 404) return new ServiceError('not_found', 'There is nothing at this address.');
  if (status === 413)
    return new ServiceError('request_too_large', 'The request body is larger than this host accepts.');
  if (status < 500) return new ServiceError('invalid_request', 'The request is malformed.');
  return new ServiceError('internal', 'Something went wrong on our side.');
}

function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const { statusCode } = (error ?? {}) as { statusCode?: unknown };
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : 500;
}
