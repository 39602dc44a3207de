import { Injectable } from '@nestjs/common';
import { ServiceError, type Model } from '@orgn/contracts';
import { CallersService, mayUse } from '../authentication/callers.service.ts';
import type { PresentedKey } from '../authentication/presented-key.ts';
import type { Dialect } from '../paths/dialect.ts';
import { pageOf, toAnthropicModel, type AnthropicModel, type AnthropicPage } from './anthropic-models.ts';
import { CatalogueService } from './catalogue.service.ts';
import { toModelRow, type ModelRow } from './model-row.ts';
import { tierFilter, type ModelListQuery } from './tier-filter.ts';

/** Who asks, and in whose form the answer is read. */
export interface ModelReader {
  apiKey: PresentedKey;
  dialect: Dialect;
}

export type ModelList = { object: 'list'; data: ModelRow[] } | AnthropicPage;

/** The models a key may use. */
@Injectable()
export class ModelsService {
  constructor(
    private readonly callers: CallersService,
    private readonly catalogue: CatalogueService,
  ) {}

  /** @throws ServiceError `invalid_request` for a filter or a page that cannot be, or as any use of the key */
  async list({ apiKey, dialect }: ModelReader, query: ModelListQuery): Promise<ModelList> {
    const caller = await this.callers.verify(apiKey);
    const isShown = tierFilter(query);
    const models = this.catalogue.all().filter((model) => mayUse(caller, model) && isShown(model));
    const { createdAt } = this.catalogue;
    if (dialect !== 'anthropic') return { object: 'list', data: models.map((model) => toModelRow(model, createdAt)) };
    const rows = models.map((model) => toAnthropicModel(model, createdAt));
    return pageOf(rows, query);
  }

  /** @throws ServiceError `model_not_found` also for a model that exists and that the key may not use */
  async find({ apiKey, dialect }: ModelReader, id: string): Promise<ModelRow | AnthropicModel> {
    const caller = await this.callers.verify(apiKey);
    const model = this.catalogue.require(id);
    if (!mayUse(caller, model))
      throw new ServiceError('model_not_found', 'The model does not exist, or this API key may not use it.', {
        param: 'model',
      });
    return this.#toRow(model, dialect);
  }

  #toRow(model: Model, dialect: Dialect): ModelRow | AnthropicModel {
    const { createdAt } = this.catalogue;
    return dialect === 'anthropic' ? toAnthropicModel(model, createdAt) : toModelRow(model, createdAt);
  }
}
