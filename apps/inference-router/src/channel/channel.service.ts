import { Injectable } from '@nestjs/common';
import { ServiceError, type findRouters, type ReplyOf } from '@orgn/contracts';
import { AdmissionClock } from '../admission/admission-clock.ts';
import { CatalogueService } from '../catalogue/catalogue.service.ts';
import { RouterConfig } from '../config.ts';
import { ProvidersService } from '../providers/providers.service.ts';

/** What this router says of itself to gateways. */
@Injectable()
export class ChannelService {
  constructor(
    private readonly config: RouterConfig,
    private readonly catalogue: CatalogueService,
    private readonly providers: ProvidersService,
    private readonly clock: AdmissionClock,
  ) {}

  /** @throws ServiceError `service_unavailable` while no ticket can be judged, for want of the time */
  announce(): ReplyOf<typeof findRouters> {
    if (this.clock.nowMs === undefined) throw new ServiceError('service_unavailable', 'Nothing can be admitted yet.');
    return {
      router: this.config.INSTANCE,
      url: this.config.ADVERTISED_URL,
      catalogueVersion: this.catalogue.version,
      providers: this.providers.health(),
    };
  }
}
