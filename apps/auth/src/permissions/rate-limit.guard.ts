import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ServiceError } from '@orgn/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { consoleRouteOf } from '../console/console-route-of.ts';
import { RateLimits, type LimitName } from './rate-limits.ts';

/** Refuses what is asked for too often, before any work is done for it. */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly limits: RateLimits,
  ) {}

  /** @throws ServiceError `rate_limit_exceeded` */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const limit = consoleRouteOf(this.reflector, context)?.limit;
    if (!limit) return true;
    const http = context.switchToHttp();
    const seconds = await this.limits.count(limit, whose(limit, http.getRequest<FastifyRequest>()));
    if (seconds === 0) return true;
    void http.getResponse<FastifyReply>().header('retry-after', String(seconds));
    throw new ServiceError('rate_limit_exceeded', `This was done too often; try again in ${seconds} seconds.`);
  }
}

/** Signing in counts against the address, inviting against the team, making keys against the person. */
function whose(limit: LimitName, { ip, console: facts }: FastifyRequest): string {
  const subjects = { sign_in: ip, invitation: facts?.membership?.teamId, key_creation: facts?.caller?.userId };
  return subjects[limit] ?? ip;
}
