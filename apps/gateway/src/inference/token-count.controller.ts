import { Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { toEdgeCall } from '../edge/edge-call.ts';
import { TokenCountService } from './token-count.service.ts';

@Controller('v1')
export class TokenCountController {
  constructor(private readonly counts: TokenCountService) {}

  @Post('messages/count_tokens')
  @HttpCode(200)
  count(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.counts.count(toEdgeCall(request, reply));
  }

  @Post('responses/input_tokens')
  @HttpCode(200)
  countInput(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.counts.countInput(toEdgeCall(request, reply));
  }
}
