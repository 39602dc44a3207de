import { Controller, Get, Header, Param, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ReceiptsService } from './receipts.service.ts';

@Controller('v1')
export class ReceiptsController {
  constructor(private readonly receipts: ReceiptsService) {}

  @Get('receipts/keys')
  keys() {
    return this.receipts.keys();
  }

  @Get('receipts/:id')
  @Header('content-type', 'application/json')
  @Header('cache-control', 'no-store')
  find(@Req() request: FastifyRequest, @Param('id') id: string) {
    return this.receipts.find(request.apiKey, id, 'receipt');
  }

  @Get('receipts/:id/bundle')
  @Header('content-type', 'application/json')
  @Header('cache-control', 'no-store')
  bundle(@Req() request: FastifyRequest, @Param('id') id: string) {
    return this.receipts.find(request.apiKey, id, 'bundle');
  }

  @Get('signature/:id')
  @Header('cache-control', 'no-store')
  signature(@Req() request: FastifyRequest, @Param('id') id: string, @Query('model') model?: unknown) {
    return this.receipts.signatureOf(request.apiKey, id, typeof model === 'string' ? model.slice(0, 256) : null);
  }
}
