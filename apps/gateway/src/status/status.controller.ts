import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { StatusService, type HealthReport } from './status.service.ts';

@Controller()
export class StatusController {
  constructor(private readonly status: StatusService) {}

  @Get('health')
  async health(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthReport> {
    const { isOk, report } = await this.status.healthReport();
    void reply.status(isOk ? 200 : 503);
    return report;
  }

  @Get('status')
  report() {
    return this.status.statusReport();
  }
}
