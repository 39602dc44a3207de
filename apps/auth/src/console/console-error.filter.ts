import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { PROBLEM_TYPE, type Problem } from '@orgn/console-api';
import { ServiceError } from '@orgn/contracts';
import { RateLimiter, ServiceLog } from '@orgn/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { errorPage } from '../pages/error-page.ts';
import { isDatabaseOutage } from './database-outage.ts';
import { toProblem } from './to-problem.ts';
import { TooOften } from './too-often.ts';

/** Below /api, only these are opened by browsers themselves. */
const API_PATH = /^\/api(?!\/auth\/(?:login|callback)(?:\?|$))(?:\/|\?|$)/;

/** Lines a minute about requests that failed because something is down. */
const OUTAGE_LINES = { points: 60, seconds: 60 };

/** Renders what this host refuses: a problem document under /api, a page where browsers go. Never quotes the request. */
@Catch()
export class ConsoleErrorFilter implements ExceptionFilter {
  constructor(protected readonly log: ServiceLog) {}

  readonly #outages = new RateLimiter(OUTAGE_LINES, 1);

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const error = toServiceError(thrown);
    const problem = toProblem(error, request.id);
    if (this.#isWorthALine(problem)) this.log.error('request failed', thrown, { requestId: request.id });
    const [type, body] = API_PATH.test(request.url)
      ? [PROBLEM_TYPE, JSON.stringify(problem)]
      : ['text/html; charset=utf-8', errorPage({ title: problem.title, detail: problem.detail })];
    const reply = http.getResponse<FastifyReply>();
    if (error instanceof TooOften) void reply.header('retry-after', String(error.seconds));
    void reply
      .status(problem.status)
      .headers({ 'cache-control': 'no-store', 'content-type': type, 'x-request-id': request.id })
      .send(body);
  }

  /** While a part of us is down, whoever asks for anything fails. */
  #isWorthALine({ status, code }: Problem): boolean {
    if (code === 'service_unavailable') return this.#outages.count(code) === 0;
    return status >= 500;
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
