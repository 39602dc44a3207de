import { Injectable, UnauthorizedException, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ChannelService } from './channel.service.ts';

/** Lets in gateways that hold a current token of this router, and nobody else. */
@Injectable()
export class ChannelGuard implements CanActivate {
  constructor(private readonly channel: ChannelService) {}

  canActivate(context: ExecutionContext): boolean {
    const { authorization } = context.switchToHttp().getRequest<FastifyRequest>().headers;
    if (authorization?.startsWith('Bearer ') && this.channel.isOpen(authorization.slice(7))) return true;
    throw new UnauthorizedException('This port takes requests from gateways of this deployment only.');
  }
}
