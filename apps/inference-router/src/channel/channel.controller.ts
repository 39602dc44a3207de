import { Controller, type BeforeApplicationShutdown } from '@nestjs/common';
import { connectRouter, ServiceError, routerChanged } from '@orgn/contracts';
import { Answers, Bus } from '@orgn/service-kit';
import { RouterConfig } from '../config.ts';
import { ChannelService } from './channel.service.ts';

/** Gateways need a moment to hear that this router is going away before its port closes. */
const FAREWELL_MS = 250;

@Controller()
export class ChannelController implements BeforeApplicationShutdown {
  #isLeaving = false;

  constructor(
    private readonly channel: ChannelService,
    private readonly bus: Bus,
    private readonly config: RouterConfig,
  ) {}

  /** A router that is leaving opens no channel any more, however long what runs there takes. */
  @Answers(connectRouter)
  connect() {
    if (this.#isLeaving) throw new ServiceError('service_unavailable', 'This router is leaving.');
    return this.channel.open();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#isLeaving = true;
    this.bus.broadcast(routerChanged, { router: this.config.INSTANCE, isLeaving: true });
    await new Promise((resolve) => setTimeout(resolve, FAREWELL_MS));
  }
}
