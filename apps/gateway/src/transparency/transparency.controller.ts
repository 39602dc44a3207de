import { Controller, Get, Header, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { TransparencyService } from './transparency.service.ts';

/** For anybody, without a key: what is in the log says nothing to who has no receipt. */
@Controller('v1/transparency')
export class TransparencyController {
  constructor(private readonly transparency: TransparencyService) {}

  @Get('checkpoint')
  @Header('content-type', 'text/plain; charset=utf-8')
  @Header('cache-control', 'no-store')
  checkpoint() {
    return this.transparency.checkpoint();
  }

  @Get('tile/*')
  async tile(@Param('*') path: string, @Res({ passthrough: true }) reply: FastifyReply) {
    const { bytes, isFull } = await this.transparency.tile(path);
    void reply.header('content-type', 'application/octet-stream');
    void reply.header('cache-control', isFull ? 'public, max-age=31536000, immutable' : 'no-store');
    return bytes;
  }
}
