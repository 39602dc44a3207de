import { Controller } from '@nestjs/common';
import { listModels } from '@orgn/contracts';
import { Answers } from '@orgn/service-kit';
import { CatalogueService } from './catalogue.service.ts';

@Controller()
export class ModelsController {
  constructor(private readonly catalogue: CatalogueService) {}

  @Answers(listModels)
  list() {
    return this.catalogue.list();
  }
}
