import { Injectable, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { consoleRouteOf } from '../console/console-route-of.ts';
import { Strangers } from '../console/strangers.ts';
import { TooOften } from '../console/too-often.ts';
import { RateLimits, type LimitName } from './rate-limits.ts';

const FOR_EVERYBODY = Symbol('for everybody');

/** Marks what everybody may ask for and is no route of the console API. */
export const ForEverybody = () => SetMetadata(FOR_EVERYBODY, true);

/**
 * Refuses networks that ask too often for what everybody may ask, before anything else is done. Not for files and the
 * health of this host, which cost next to nothing; signed tokens and reports are counted once they have proved false.
 */
@Injectable()
export class NetworkLimitGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly limits: RateLimits,
    private readonly strangers: Strangers,
  ) {}

  /** @throws TooOften */
  canActivate(context: ExecutionContext): boolean {
    const limit = this.#limitOf(context);
    if (!limit) return true;
    try {
      this.limits.countStranger(limit, context.switchToHttp().getRequest<FastifyRequest>().ip);
    } catch (error) {
      if (error instanceof TooOften) this.strangers.count('too_often', limit, 'asked too often');
      throw error;
    }
    return true;
  }

  #limitOf(context: ExecutionContext): LimitName | undefined {
    if (context.getType() !== 'http') return undefined;
    const route = consoleRouteOf(this.reflector, context);
    if (route) return route.access.who === 'public' ? (route.limit ?? 'public') : undefined;
    return this.reflector.get<boolean | undefined>(FOR_EVERYBODY, context.getClass()) ? 'public' : undefined;
  }
}
