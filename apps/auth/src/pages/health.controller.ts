import { Controller, Get, Header, Res } from '@nestjs/common';
import { Health } from '@orgn/service-kit';
import type { FastifyReply } from 'fastify';

/** Whether this host can do its work; the details are on the operator's port. */
@Controller()
export class HealthController {
  constructor(private readonly health: Health) {}

  @Get('health')
  @Header('cache-control', 'no-store')
  async show(@Res({ passthrough: true }) reply: FastifyReply) {
    const { isOk } = await this.health.run();
    void reply.status(isOk ? 200 : 503);
    return { status: isOk ? 'ok' : 'unavailable' };
  }
}
