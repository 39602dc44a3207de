import { Injectable } from '@nestjs/common';
import { ServiceError } from '@orgn/contracts';
import { CallersService, mayUse } from '../authentication/callers.service.ts';
import type { PresentedKey } from '../authentication/presented-key.ts';
import { CatalogueService } from './catalogue.service.ts';
import { toModelRow, type ModelRow } from './model-row.ts';
import { tierFilter, type ModelListQuery } from './tier-filter.ts';

/** The models a key may use. */
@Injectable()
export class ModelsService {
  constructor(
    private readonly callers: CallersService,
    private readonly catalogue: CatalogueService,
  ) {}

  /** @throws ServiceError `invalid_request` for a filter that is neither true nor false, or as any use of the key */
  async list(apiKey: PresentedKey, query: ModelListQuery): Promise<{ object: 'list'; data: ModelRow[] }> {
    const isShown = tierFilter(query);
    const caller = await this.callers.verify(apiKey);
    const models = this.catalogue.all().filter((model) => mayUse(caller, model) && isShown(model));
    return { object: 'list', data: models.map((model) => toModelRow(model, this.catalogue.createdAt)) };
  }

  /** @throws ServiceError `model_not_found` also for a model that exists and that the key may not use */
  async find(apiKey: PresentedKey, id: string): Promise<ModelRow> {
    const caller = await this.callers.verify(apiKey);
    const model = this.catalogue.require(id);
    if (!mayUse(caller, model))
      throw new ServiceError('model_not_found', 'The model does not exist, or this API key may not use it.', {
        param: 'model',
      });
    return toModelRow(model, this.catalogue.createdAt);
  }
}
