import { Injectable } from '@nestjs/common';
import { ServiceError, type Capability, type Model } from '@orgn/contracts';
import { CatalogueService } from '../models/catalogue.service.ts';
import type { Asked } from './inference-endpoint.ts';

/** The model that was asked for, then its fallbacks. */
export type Selection = readonly [Model, ...Model[]];

const MAX_NAMED = 8;

/** Finds the models that a request names, and refuses those that cannot do what it asks. */
@Injectable()
export class ModelSelection {
  constructor(private readonly catalogue: CatalogueService) {}

  /** @throws ServiceError `model_not_found`, `capability_not_supported`, or `execution_policy` for a weaker fallback */
  select({ model, fallbacks }: Pick<Asked, 'model' | 'fallbacks'>, capability: Capability): Selection {
    const first = this.#find(model, 'model', capability);
    const others = fallbacks.map((id, at) => {
      const fallback = this.#find(id, `models[${at}]`, capability);
      requireAsStrong(fallback, first, `models[${at}]`);
      return fallback;
    });
    return [first, ...others];
  }

  #find(id: string, param: string, capability: Capability): Model {
    const model = this.catalogue.require(id, param);
    if (model.capabilities.includes(capability)) return model;
    const able = this.catalogue.all().filter(({ capabilities }) => capabilities.includes(capability));
    throw new ServiceError('capability_not_supported', `${id} has no ${capability}. ${toHint(able)}`, { param });
  }
}

function toHint(able: readonly Model[]): string {
  if (able.length === 0) return 'No model of this gateway has it.';
  const ids = able.slice(0, MAX_NAMED).map(({ id }) => id);
  return `Models that have it: ${ids.join(', ')}${able.length > ids.length ? ' and more (GET /v1/models)' : ''}.`;
}

/**
 * A fallback runs as the model that was asked for would, or in a TEE. An operator's endpoint and zero data retention
 * trust different parties, so neither stands in for the other.
 */
function requireAsStrong(fallback: Model, asked: Model, param: string): void {
  if (fallback.execution === asked.execution || fallback.execution === 'tee') return;
  throw new ServiceError(
    'execution_policy',
    `${fallback.id} executes as ${fallback.execution} and cannot stand in for ${asked.id}, which executes as ${asked.execution}.`,
    { param },
  );
}
