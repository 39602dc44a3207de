import { Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { toEdgeCall } from '../edge/edge-call.ts';
import { TokenCountService } from './token-count.service.ts';

@Controller('v1/messages/count_tokens')
export class TokenCountController {
  constructor(private readonly counts: TokenCountService) {}

  @Post()
  @HttpCode(200)
  count(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.counts.count(toEdgeCall(request, reply));
  }
}
