import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { StepUpService } from '../sessions/step-up.service.ts';
import { consoleRouteOf } from '../console/console-route-of.ts';

/** Refuses callers whose sign-in is too old for a route that wants a recent one. */
@Injectable()
export class StepUpGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly stepUp: StepUpService,
  ) {}

  /** @throws ServiceError `reauthentication_required` */
  canActivate(context: ExecutionContext): boolean {
    const { caller } = context.switchToHttp().getRequest<FastifyRequest>().console ?? {};
    const isAsked = consoleRouteOf(this.reflector, context)?.access.isStepUp === true;
    if (isAsked && caller) this.stepUp.requireFreshSignIn(caller);
    return true;
  }
}
