import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ServiceError } from '@orgn/contracts';
import type { FastifyRequest } from 'fastify';
import type { SignedIn } from '../console/console-call.ts';
import { RateLimits } from '../permissions/rate-limits.ts';
import { SessionCookie } from '../sessions/session-cookie.ts';
import { SessionsService } from '../sessions/sessions.service.ts';
import { consoleRouteOf } from '../console/console-route-of.ts';

/** Finds out who is calling, and refuses who is not signed in where a route asks for that. */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly sessions: SessionsService,
    private readonly cookie: SessionCookie,
    private readonly limits: RateLimits,
  ) {}

  /** @throws ServiceError `not_signed_in`, `rate_limit_exceeded` for a network that sends many secrets of no session */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const route = consoleRouteOf(this.reflector, context);
    if (!route) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const secret = this.cookie.read(request.headers.cookie);
    const caller = secret === undefined ? undefined : await this.#authenticate(secret, request.ip);
    if (caller) request.console = { ...request.console, caller };
    else if (route.access.who === 'signed_in') throw refusal(request);
    return true;
  }

  /** Made-up secrets cost a look-up each, so a network that sends many is refused; who was signed in lately is not. */
  async #authenticate(secret: string, address: string): Promise<SignedIn | undefined> {
    const isKnown = this.sessions.wasGoodLately(secret);
    if (!isKnown) this.limits.requireRoom('session_guess', address);
    const caller = await this.sessions.authenticate(secret);
    if (!caller && !isKnown) this.limits.countStranger('session_guess', address);
    return caller;
  }
}

function refusal({ headers }: FastifyRequest): ServiceError {
  const isKey = /^bearer\s+sk-ollm-/i.test(headers.authorization ?? '');
  return new ServiceError(
    'not_signed_in',
    isKey
      ? 'API keys do not open the console. Sign in here with a browser, or use the key at the API host.'
      : 'Nobody is signed in here, or the session has ended. Sign in first.',
  );
}
