import { Controller, Get, Param, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ModelsService } from './models.service.ts';

@Controller('v1/models')
export class ModelsController {
  constructor(private readonly models: ModelsService) {}

  @Get()
  list(@Req() request: FastifyRequest) {
    return this.models.list(request.apiKey);
  }

  @Get(':id')
  find(@Req() request: FastifyRequest, @Param('id') id: string) {
    return this.models.find(request.apiKey, id);
  }
}
