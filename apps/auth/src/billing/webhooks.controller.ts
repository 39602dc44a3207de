import { Controller, Header, HttpCode, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { WEBHOOK_PATH } from './webhook-path.ts';
import { WebhooksService } from './webhooks.service.ts';

/** Where the payment service says what has happened. Its signature opens it, not a session, and networks are not counted. */
@Controller()
export class WebhooksController {
  constructor(private readonly webhooks: WebhooksService) {}

  @Post(WEBHOOK_PATH)
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  take(@Req() { body, headers, ip }: FastifyRequest) {
    const signature = headers['stripe-signature'];
    return this.webhooks.take({
      body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
      signature: typeof signature === 'string' ? signature : '',
      address: ip,
    });
  }
}
