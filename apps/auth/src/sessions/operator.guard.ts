import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ServiceError } from '@orgn/contracts';
import type { FastifyRequest } from 'fastify';
import { consoleRouteOf } from '../console/console-route-of.ts';

/** Keeps what operators see and do from everybody else, who is told that there is no such thing. */
@Injectable()
export class OperatorGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  /** @throws ServiceError `not_found`, as for any address at which there is nothing */
  canActivate(context: ExecutionContext): boolean {
    if (!consoleRouteOf(this.reflector, context)?.access.isOperator) return true;
    const { caller } = context.switchToHttp().getRequest<FastifyRequest>().console ?? {};
    if (caller?.isOperator) return true;
    throw new ServiceError('not_found', 'There is nothing at this address.');
  }
}
