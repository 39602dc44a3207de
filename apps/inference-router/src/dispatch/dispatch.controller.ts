import { Controller, Post, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ChannelGuard } from '../channel/channel.guard.ts';
import { AnswerSink } from './answer-sink.ts';
import { DispatchErrorFilter } from './dispatch-error.filter.ts';
import { toOrder } from './dispatch-order.ts';
import { DispatchService } from './dispatch.service.ts';

@Controller('v1')
@UseGuards(ChannelGuard)
@UseFilters(DispatchErrorFilter)
export class DispatchController {
  constructor(private readonly dispatch: DispatchService) {}

  @Post('chat/completions')
  complete(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const order = toOrder(request.headers, request.body as Buffer);
    this.dispatch.dispatch(order, () => new AnswerSink(reply.hijack().raw, order.requestId));
  }
}
