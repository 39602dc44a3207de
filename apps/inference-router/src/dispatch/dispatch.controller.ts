import { Controller, Post, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AdmissionGate } from '../admission/admission.gate.ts';
import { ChannelGuard } from '../channel/channel.guard.ts';
import { chat } from '../endpoints/chat.endpoint.ts';
import { completions } from '../endpoints/completions.endpoint.ts';
import { embeddings } from '../endpoints/embeddings.endpoint.ts';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { messages } from '../endpoints/messages.endpoint.ts';
import { rerank } from '../endpoints/rerank.endpoint.ts';
import { responses } from '../endpoints/responses.endpoint.ts';
import { transcriptions } from '../endpoints/transcriptions.endpoint.ts';
import { AnswerSink } from '../exchange/answer-sink.ts';
import { toPosted } from '../exchange/dispatch-order.ts';
import { BodyBounds } from './body-bounds.ts';
import { DispatchErrorFilter } from './dispatch-error.filter.ts';
import { DispatchService } from './dispatch.service.ts';

/** What gateways post requests to: the paths that callers use. */
@Controller('v1')
@UseGuards(ChannelGuard)
@UseFilters(DispatchErrorFilter)
export class DispatchController {
  constructor(
    private readonly service: DispatchService,
    private readonly gate: AdmissionGate,
    private readonly bodies: BodyBounds,
  ) {}

  @Post(chat.path)
  chat(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#dispatch(chat, request, reply);
  }

  @Post(completions.path)
  completions(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#dispatch(completions, request, reply);
  }

  @Post(embeddings.path)
  embeddings(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#dispatch(embeddings, request, reply);
  }

  @Post(rerank.path)
  rerank(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#dispatch(rerank, request, reply);
  }

  @Post(transcriptions.path)
  transcriptions(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#dispatch(transcriptions, request, reply);
  }

  @Post(responses.path)
  responses(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#dispatch(responses, request, reply);
  }

  @Post(messages.path)
  messages(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#dispatch(messages, request, reply);
  }

  async #dispatch(endpoint: Endpoint, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { ticket, ...posted } = toPosted(request.headers, request.body as Buffer[]);
    const order = { ...posted, admitted: this.gate.admit(ticket, posted.requestId) };
    const openSink = () => new AnswerSink(reply.hijack().raw, order.requestId);
    return this.service.dispatch(endpoint, order, { openSink, memory: this.bodies.leaseOf(request) });
  }
}
