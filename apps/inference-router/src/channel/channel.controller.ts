import { Controller, type BeforeApplicationShutdown } from '@nestjs/common';
import { findRouters, ServiceError, routerChanged } from '@orgn/contracts';
import { Answers, Bus } from '@orgn/service-kit';
import { RouterConfig } from '../config.ts';
import { ChannelService } from './channel.service.ts';

@Controller()
export class ChannelController implements BeforeApplicationShutdown {
  #isLeaving = false;

  constructor(
    private readonly channel: ChannelService,
    private readonly bus: Bus,
    private readonly config: RouterConfig,
  ) {}

  /** A router that is leaving is not to be found any more, however long what runs there takes. */
  @Answers(findRouters)
  find() {
    if (this.#isLeaving) throw new ServiceError('service_unavailable', 'This router is leaving.');
    return this.channel.announce();
  }

  beforeApplicationShutdown(): void {
    this.#isLeaving = true;
    this.bus.broadcast(routerChanged, { router: this.config.INSTANCE, isLeaving: true });
  }
}
