import { Controller, Header, HttpCode, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { toClientContext } from '../console/client-context.ts';
import { LeaksService } from './leaks.service.ts';

/** Where secret scanners report keys that they found in public. Their signature opens it, not a session. */
@Controller()
export class LeaksController {
  constructor(private readonly leaks: LeaksService) {}

  @Post('api/leaks/github')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  take(@Req() request: FastifyRequest) {
    const { body, headers } = request;
    return this.leaks.take({
      body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
      identifier: textOf(headers['github-public-key-identifier']),
      signature: textOf(headers['github-public-key-signature']),
      client: toClientContext(request),
      address: request.ip,
    });
  }
}

function textOf(header: string | string[] | undefined): string {
  return typeof header === 'string' ? header : '';
}
