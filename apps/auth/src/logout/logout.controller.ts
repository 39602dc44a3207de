import { Controller, Header, HttpCode, Post, Req, Res, SetMetadata, UseFilters } from '@nestjs/common';
import { signOut } from '@orgn/console-api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { toClientContext } from '../console/client-context.ts';
import { CONSOLE_ROUTE } from '../console/implements.decorator.ts';
import { SessionCookie } from '../sessions/session-cookie.ts';
import { BackchannelLogoutService } from './backchannel-logout.service.ts';
import { LogoutRefusalFilter } from './logout-refusal.filter.ts';
import { LogoutService } from './logout.service.ts';

@Controller('api/auth')
export class LogoutController {
  constructor(
    private readonly logout: LogoutService,
    private readonly backchannel: BackchannelLogoutService,
    private readonly cookie: SessionCookie,
  ) {}

  /** Not by @Implements, because it takes the cookie away. */
  @Post('logout')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @SetMetadata(CONSOLE_ROUTE, signOut)
  async signOut(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    const answer = await this.logout.signOut(this.cookie.read(request.headers.cookie), toClientContext(request));
    void reply.header('set-cookie', this.cookie.take());
    return answer;
  }

  /** The provider calls it, without cookies or our headers: the token it sends is its authority. */
  @Post('backchannel-logout')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @UseFilters(LogoutRefusalFilter)
  async obey(@Req() request: FastifyRequest) {
    const body = Buffer.isBuffer(request.body) ? request.body.toString() : '';
    await this.backchannel.obey(body, toClientContext(request));
  }
}
