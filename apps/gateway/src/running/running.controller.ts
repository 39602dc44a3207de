import { Controller } from '@nestjs/common';
import { countRunning, findGateways, ServiceError, type RequestOf } from '@orgn/contracts';
import { Answers } from '@orgn/service-kit';
import { GatewayConfig } from '../config.ts';
import { Departure } from './departure.ts';
import { RunningRequests } from './running-requests.ts';

@Controller()
export class RunningController {
  constructor(
    private readonly running: RunningRequests,
    private readonly departure: Departure,
    private readonly config: GatewayConfig,
  ) {}

  @Answers(countRunning)
  count({ keyId }: RequestOf<typeof countRunning>) {
    return { gateway: this.config.INSTANCE, ...this.running.countUnder(keyId) };
  }

  @Answers(findGateways)
  find() {
    if (this.departure.isLeaving) throw new ServiceError('service_unavailable', 'This gateway is leaving.');
    return { gateway: this.config.INSTANCE };
  }
}
