import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { CSRF_HEADER } from '@orgn/console-api';
import { ServiceError } from '@orgn/contracts';
import type { FastifyRequest } from 'fastify';
import { AuthConfig } from '../config.ts';
import { consoleRouteOf } from './console-route-of.ts';

/**
 * Lets nothing change anything on the word of a foreign site that merely has the browser send its cookies: a foreign page
 * cannot set our header without the browser asking us first, and the browser says where the request comes from.
 */
@Injectable()
export class CrossSiteGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly config: AuthConfig,
  ) {}

  /** @throws ServiceError `cross_site_request` */
  canActivate(context: ExecutionContext): boolean {
    const route = consoleRouteOf(this.reflector, context);
    if (!route || route.method === 'GET') return true;
    const { headers } = context.switchToHttp().getRequest<FastifyRequest>();
    const { origin, [CSRF_HEADER]: mark, 'sec-fetch-site': site } = headers;
    if (mark !== '1') throw refusal(`Send the header "${CSRF_HEADER}: 1" with every request that changes something.`);
    const isForeign = !isOneOf([undefined, 'same-origin', 'none'], site);
    if (isForeign || !isOneOf([undefined, this.config.CONSOLE_URL], origin)) throw refusal(COMES_FROM_ELSEWHERE);
    return true;
  }
}

const COMES_FROM_ELSEWHERE = 'Requests that change something must come from the console itself, not from another site.';

function isOneOf(allowed: unknown[], value: unknown): boolean {
  return allowed.includes(value);
}

function refusal(message: string): ServiceError {
  return new ServiceError('cross_site_request', message);
}
