import { Controller, type BeforeApplicationShutdown } from '@nestjs/common';
import { connectRouter, routerChanged } from '@orgn/contracts';
import { Answers, Bus } from '@orgn/service-kit';
import { RouterConfig } from '../config.ts';
import { ChannelService } from './channel.service.ts';

/** Gateways need a moment to hear that this router is going away before its port closes. */
const FAREWELL_MS = 250;

@Controller()
export class ChannelController implements BeforeApplicationShutdown {
  constructor(
    private readonly channel: ChannelService,
    private readonly bus: Bus,
    private readonly config: RouterConfig,
  ) {}

  @Answers(connectRouter)
  connect() {
    return this.channel.open();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.bus.broadcast(routerChanged, { router: this.config.INSTANCE, isLeaving: true });
    await new Promise((resolve) => setTimeout(resolve, FAREWELL_MS));
  }
}
