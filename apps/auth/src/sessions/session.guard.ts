import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ServiceError } from '@orgn/contracts';
import type { FastifyRequest } from 'fastify';
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
  ) {}

  /** @throws ServiceError `not_signed_in` */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const route = consoleRouteOf(this.reflector, context);
    if (!route) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const secret = this.cookie.read(request.headers.cookie);
    const caller = secret === undefined ? undefined : await this.sessions.authenticate(secret);
    if (caller) request.console = { ...request.console, caller };
    else if (route.access.who === 'signed_in') throw refusal(request);
    return true;
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
