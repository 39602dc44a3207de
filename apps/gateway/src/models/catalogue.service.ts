import { Injectable } from '@nestjs/common';
import { listModels, ServiceError, type Model } from '@orgn/contracts';
import { Bus, ServiceLog } from '@orgn/service-kit';
import { nearest } from './nearest.ts';

const MAX_SUGGESTIONS = 3;

/** The catalogue as the routers published it, in memory. */
@Injectable()
export class CatalogueService {
  #version = '';
  #createdAt = 0;
  #models = new Map<string, Model>();
  #traits = traitsOf([]);

  constructor(
    private readonly bus: Bus,
    private readonly log: ServiceLog,
  ) {}

  get version(): string {
    return this.#version;
  }

  /** Epoch seconds of the catalogue's last change. */
  get createdAt(): number {
    return this.#createdAt;
  }

  all(): Model[] {
    return [...this.#models.values()];
  }

  /** What the reading of a request goes by. */
  get traits() {
    return this.#traits;
  }

  /** Brings the catalogue to a version that a router announced. */
  async follow(version: string): Promise<void> {
    if (version === this.#version) return;
    const catalogue = await this.bus.ask(listModels, {});
    this.#models = new Map(catalogue.models.map((model) => [model.id, model]));
    this.#traits = traitsOf(catalogue.models);
    this.#version = catalogue.version;
    this.#createdAt = Math.floor(Date.parse(catalogue.createdAt) / 1_000);
    this.log.info('catalogue loaded', { version: catalogue.version, models: catalogue.models.length });
  }

  find(id: string): Model | undefined {
    return this.#models.get(id);
  }

  /**
   * @param param where in the request the id stands
   * @throws ServiceError `model_not_found` naming the nearest ids; `service_unavailable` before any router was seen
   */
  require(id: string, param = 'model'): Model {
    if (this.#models.size === 0)
      throw new ServiceError('service_unavailable', 'The model catalogue is not loaded yet; try again shortly.');
    const model = this.#models.get(id);
    if (model) return model;
    const suggestions = nearest(id, [...this.#models.keys()]).slice(0, MAX_SUGGESTIONS);
    const hint =
      suggestions.length > 0
        ? `Did you mean ${suggestions.join(' or ')}?`
        : 'GET /v1/models lists the models there are.';
    throw new ServiceError('model_not_found', `The model does not exist. ${hint}`, { param });
  }
}

/** Plain data, for threads that read requests. */
function traitsOf(models: readonly Model[]) {
  return {
    caching: new Set(models.filter(({ promptCaching }) => promptCaching).map(({ id }) => id)),
    tokenizers: new Map(models.flatMap(({ id, tokenizer }) => (tokenizer ? [[id, tokenizer] as const] : []))),
  };
}
