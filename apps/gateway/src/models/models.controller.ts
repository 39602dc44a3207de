import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { dialectOf } from '../paths/dialect.ts';
import { ModelsService } from './models.service.ts';
import type { ModelListQuery } from './tier-filter.ts';

@Controller('v1/models')
export class ModelsController {
  constructor(private readonly models: ModelsService) {}

  @Get()
  list(@Req() request: FastifyRequest, @Query() query: ModelListQuery) {
    return this.models.list({ apiKey: request.apiKey, dialect: dialectOf(request) }, query);
  }

  /** The whole rest of the path: ids of other gateways have slashes, and get their suggestions here. */
  @Get('*')
  find(@Req() request: FastifyRequest, @Param('*') id: string) {
    return this.models.find({ apiKey: request.apiKey, dialect: dialectOf(request) }, id);
  }
}
