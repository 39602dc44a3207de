import { Controller, Delete, Get, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { StoredResponsesService } from './stored-responses.service.ts';

@Controller('v1/responses/:id')
export class StoredResponsesController {
  constructor(private readonly responses: StoredResponsesService) {}

  @Get()
  find(@Req() { apiKey }: FastifyRequest): Promise<never> {
    return this.responses.refuse(apiKey);
  }

  @Delete()
  remove(@Req() { apiKey }: FastifyRequest): Promise<never> {
    return this.responses.refuse(apiKey);
  }

  @Get('input_items')
  listInputs(@Req() { apiKey }: FastifyRequest): Promise<never> {
    return this.responses.refuse(apiKey);
  }

  @Post('cancel')
  cancel(@Req() { apiKey }: FastifyRequest): Promise<never> {
    return this.responses.refuse(apiKey);
  }
}
