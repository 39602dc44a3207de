import { Controller, Get, Redirect, Req, Res, SetMetadata, UseFilters } from '@nestjs/common';
import { beginSignIn, completeSignIn } from '@orgn/console-api';
import { parseRequest } from '@orgn/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AuthConfig } from '../config.ts';
import { toClientContext } from '../console/client-context.ts';
import { CONSOLE_ROUTE } from '../console/implements.decorator.ts';
import { SessionCookie } from '../sessions/session-cookie.ts';
import { REMEMBERED_SECONDS, SignInCookie } from './sign-in-cookie.ts';
import { SignInRefusalFilter } from './sign-in-refusal.filter.ts';
import { SignInService } from './sign-in.service.ts';

/** The two addresses of a sign-in. Browsers open them, so they answer by redirects and pages, not by JSON. */
@Controller()
@UseFilters(SignInRefusalFilter)
export class SignInController {
  constructor(
    private readonly signIn: SignInService,
    private readonly signInCookie: SignInCookie,
    private readonly sessionCookie: SessionCookie,
    private readonly config: AuthConfig,
  ) {}

  @Get('api/auth/login')
  @SetMetadata(CONSOLE_ROUTE, beginSignIn)
  @Redirect()
  async begin(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    const query = parseRequest(beginSignIn.query, request.query);
    const { redirectTo, browserSecret } = await this.signIn.begin({
      returnTo: query.returnTo,
      loginHint: query.login_hint,
      isStepUp: query.stepUp === '1',
      invitation: query.invitation,
      browserSecret: this.signInCookie.read(request.headers.cookie),
      caller: request.console?.caller,
    });
    give(reply, this.signInCookie.give(browserSecret, REMEMBERED_SECONDS));
    return { url: redirectTo };
  }

  @Get('api/auth/callback')
  @SetMetadata(CONSOLE_ROUTE, completeSignIn)
  @Redirect()
  async complete(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    const { sessionSecret, returnTo } = await this.signIn.complete({
      search: new URL(request.url, this.config.CONSOLE_URL).search,
      browserSecret: this.signInCookie.read(request.headers.cookie),
      sessionSecret: this.sessionCookie.read(request.headers.cookie),
      caller: request.console?.caller,
      client: toClientContext(request),
    });
    if (sessionSecret === undefined) void reply.header('cache-control', 'no-store');
    else give(reply, this.sessionCookie.give(sessionSecret, this.config.SESSION_ABSOLUTE_SECONDS));
    return { url: returnTo };
  }
}

function give(reply: FastifyReply, cookie: string): void {
  void reply.headers({ 'set-cookie': cookie, 'cache-control': 'no-store' });
}
