import { Controller } from '@nestjs/common';
import { describeRouters } from '@orgn/contracts';
import { Answers } from '@orgn/service-kit';
import { AttestationGate } from '../attestation/attestation.gate.ts';
import { CatalogueService } from '../catalogue/catalogue.service.ts';
import { RouterConfig } from '../config.ts';
import { ProvidersService } from '../providers/providers.service.ts';

/** What this router says of itself to those who show it to people. */
@Controller()
export class DescriptionController {
  constructor(
    private readonly config: RouterConfig,
    private readonly catalogue: CatalogueService,
    private readonly providers: ProvidersService,
    private readonly attestation: AttestationGate,
  ) {}

  @Answers(describeRouters)
  describe() {
    return {
      router: this.config.INSTANCE,
      catalogueVersion: this.catalogue.version,
      providers: this.providers.describe(),
      ...this.attestation.describe(),
    };
  }
}
