import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { errorTable, ServiceError } from '@orgn/contracts';
import { DISPATCH_ERROR_TYPE } from '@orgn/dialects';
import { ServiceLog } from '@orgn/service-kit';
import type { FastifyReply } from 'fastify';

/** Refusals of this port, in the form that gateways read. */
@Catch()
export class DispatchErrorFilter implements ExceptionFilter {
  constructor(private readonly log: ServiceLog) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const error = this.#toServiceError(exception);
    const status = exception instanceof HttpException ? exception.getStatus() : errorTable[error.code].status;
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    void reply.status(status).type(DISPATCH_ERROR_TYPE).send(JSON.stringify(error.toWire()));
  }

  #toServiceError(exception: unknown): ServiceError {
    if (exception instanceof ServiceError) return exception;
    if (exception instanceof HttpException)
      return new ServiceError('service_unavailable', 'The channel to the router is not open.');
    this.log.error('dispatch failed', exception);
    return new ServiceError('internal', 'Something went wrong on our side.');
  }
}
