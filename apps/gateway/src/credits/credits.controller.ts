import { Controller, Get, Header, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { RequestId } from '@orgn/contracts';
import { CreditsService } from './credits.service.ts';

@Controller('v1/credits')
export class CreditsController {
  constructor(private readonly credits: CreditsService) {}

  @Get()
  @Header('cache-control', 'no-store')
  tell(@Req() request: FastifyRequest) {
    return this.credits.tell(request.apiKey, request.id as RequestId);
  }
}
