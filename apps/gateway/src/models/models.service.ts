import { Injectable } from '@nestjs/common';
import { ServiceError, type Model } from '@orgn/contracts';
import { CallersService, mayUse } from '../authentication/callers.service.ts';
import type { PresentedKey } from '../authentication/presented-key.ts';
import { CatalogueService } from './catalogue.service.ts';

/** A model as `/v1/models` lists it: OpenAI's row, and what a caller of this gateway wants to know besides. */
export interface ModelRow {
  id: string;
  object: 'model';
  /** Epoch seconds. */
  created: number;
  owned_by: string;
  is_active: boolean;
  execution: string;
  type: string;
  input_cost_per_token: number;
  output_cost_per_token: number;
  max_input_tokens: number;
  max_output_tokens: number;
  default_output_tokens: number;
}

/** The models a key may use. */
@Injectable()
export class ModelsService {
  constructor(
    private readonly callers: CallersService,
    private readonly catalogue: CatalogueService,
  ) {}

  async list(apiKey: PresentedKey): Promise<{ object: 'list'; data: ModelRow[] }> {
    const caller = await this.callers.verify(apiKey);
    const models = this.catalogue.all().filter((model) => mayUse(caller, model));
    return { object: 'list', data: models.map((model) => toRow(model, this.catalogue.createdAt)) };
  }

  /** @throws ServiceError `model_not_found` also for a model that exists and that the key may not use */
  async find(apiKey: PresentedKey, id: string): Promise<ModelRow> {
    const caller = await this.callers.verify(apiKey);
    const model = this.catalogue.require(id);
    if (!mayUse(caller, model))
      throw new ServiceError('model_not_found', 'The model does not exist, or this API key may not use it.', {
        param: 'model',
      });
    return toRow(model, this.catalogue.createdAt);
  }
}

function toRow(model: Model, created: number): ModelRow {
  return {
    id: model.id,
    object: 'model',
    created,
    owned_by: model.provider,
    is_active: true,
    execution: model.execution,
    type: model.type,
    input_cost_per_token: perToken(model.price.input),
    output_cost_per_token: perToken(model.price.output),
    max_input_tokens: model.context,
    max_output_tokens: model.maxOutput,
    default_output_tokens: model.defaultOutput,
  };
}

/** USD per million tokens to USD per token, without the noise of a division. */
function perToken(usdPerMillion: string): number {
  return Number(`${usdPerMillion}e-6`);
}
