import { Controller, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { toEdgeCall } from '../edge/edge-call.ts';
import { chatEndpoint } from './endpoints/chat.endpoint.ts';
import { completionsEndpoint } from './endpoints/completions.endpoint.ts';
import { embeddingsEndpoint } from './endpoints/embeddings.endpoint.ts';
import { messagesEndpoint } from './endpoints/messages.endpoint.ts';
import { rerankEndpoint } from './endpoints/rerank.endpoint.ts';
import { responsesEndpoint } from './endpoints/responses.endpoint.ts';
import { transcriptionsEndpoint } from './endpoints/transcriptions.endpoint.ts';
import { InferenceService } from './inference.service.ts';

@Controller()
export class InferenceController {
  constructor(private readonly inference: InferenceService) {}

  @Post(chatEndpoint.path)
  chat(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.inference.answer(chatEndpoint, toEdgeCall(request, reply));
  }

  @Post(completionsEndpoint.path)
  completions(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.inference.answer(completionsEndpoint, toEdgeCall(request, reply));
  }

  @Post(embeddingsEndpoint.path)
  embeddings(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.inference.answer(embeddingsEndpoint, toEdgeCall(request, reply));
  }

  /** The second version of Cohere's form asks and answers the same with fewer members. */
  @Post([rerankEndpoint.path, '/v2/rerank'])
  rerank(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.inference.answer(rerankEndpoint, toEdgeCall(request, reply));
  }

  @Post(transcriptionsEndpoint.path)
  transcriptions(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.inference.answer(transcriptionsEndpoint, toEdgeCall(request, reply));
  }

  @Post(responsesEndpoint.path)
  responses(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.inference.answer(responsesEndpoint, toEdgeCall(request, reply));
  }

  @Post(messagesEndpoint.path)
  messages(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.inference.answer(messagesEndpoint, toEdgeCall(request, reply));
  }
}
