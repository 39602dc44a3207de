import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { consoleRouteOf } from '../console/console-route-of.ts';
import { RateLimits, type LimitName } from './rate-limits.ts';

/** Refuses what people ask for too often, before any work is done for it. */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly limits: RateLimits,
  ) {}

  /** @throws TooOften */
  canActivate(context: ExecutionContext): boolean {
    const route = consoleRouteOf(this.reflector, context);
    if (!route?.limit || route.access.who === 'public') return true;
    this.limits.count(route.limit, whose(route.limit, context.switchToHttp().getRequest<FastifyRequest>()));
    return true;
  }
}

/** Inviting counts against the team, everything else against the person. */
function whose(limit: LimitName, { console: facts }: FastifyRequest): string {
  const subject = limit === 'invitation' ? facts?.membership?.teamId : facts?.caller?.userId;
  return subject ?? 'nobody';
}
