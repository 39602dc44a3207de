import { Controller, Get, Header, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { toEdgeCall } from '../edge/edge-call.ts';
import { KeyService } from './key.service.ts';

@Controller('v1/key')
export class KeyController {
  constructor(private readonly keys: KeyService) {}

  @Get()
  @Header('cache-control', 'no-store')
  describe(@Req() request: FastifyRequest) {
    return this.keys.describe(request.apiKey);
  }

  @Post('revoke')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  revoke(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.keys.revoke(toEdgeCall(request, reply));
  }
}
