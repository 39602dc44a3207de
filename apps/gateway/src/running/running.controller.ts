import { Controller } from '@nestjs/common';
import { countRunning, type RequestOf } from '@orgn/contracts';
import { Answers } from '@orgn/service-kit';
import { GatewayConfig } from '../config.ts';
import { RunningRequests } from './running-requests.ts';

@Controller()
export class RunningController {
  constructor(
    private readonly running: RunningRequests,
    private readonly config: GatewayConfig,
  ) {}

  @Answers(countRunning)
  count({ keyId }: RequestOf<typeof countRunning>) {
    return { gateway: this.config.INSTANCE, ...this.running.countUnder(keyId) };
  }
}
