import { Controller } from '@nestjs/common';
import { openPlayground, ServiceError } from '@orgn/contracts';
import { Answers } from '@orgn/service-kit';
import { GatewayConfig } from '../config.ts';
import { PlaygroundHost } from './playground-host.ts';

@Controller()
export class PlaygroundController {
  constructor(
    private readonly host: PlaygroundHost,
    private readonly config: GatewayConfig,
  ) {}

  @Answers(openPlayground)
  open() {
    const door = this.host.open();
    if (!door) throw new ServiceError('service_unavailable', 'This gateway takes no requests of the playground.');
    return { gateway: this.config.INSTANCE, ...door };
  }
}
