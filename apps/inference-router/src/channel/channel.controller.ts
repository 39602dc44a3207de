import { Controller } from '@nestjs/common';
import { findRouters, ServiceError } from '@orgn/contracts';
import { Answers } from '@orgn/service-kit';
import { ChannelDoor } from './channel-door.ts';
import { ChannelService } from './channel.service.ts';

@Controller()
export class ChannelController {
  constructor(
    private readonly channel: ChannelService,
    private readonly door: ChannelDoor,
  ) {}

  /** A router that is leaving is not to be found any more, however long what runs there takes. */
  @Answers(findRouters)
  find() {
    if (this.door.isLeaving) throw new ServiceError('service_unavailable', 'This router is leaving.');
    return this.channel.announce();
  }
}
