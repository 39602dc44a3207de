import { Controller, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { toEdgeCall } from '../edge/edge-call.ts';
import { ChatService } from './chat.service.ts';

@Controller('v1/chat/completions')
export class ChatController {
  constructor(private readonly chat: ChatService) {}

  @Post()
  complete(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.chat.complete(toEdgeCall(request, reply));
  }
}
