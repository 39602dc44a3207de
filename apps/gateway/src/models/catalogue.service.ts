import { Injectable } from '@nestjs/common';
import { ServiceError, type Model } from '@orgn/contracts';
import { ServiceLog } from '@orgn/service-kit';
import { RefusalError } from '../errors/refusal.error.ts';
import { nearest } from './nearest.ts';
import type { ServedModels } from './served-models.ts';

const MAX_SUGGESTIONS = 3;
/** What is so while routers are there and none of them has a provider. */
export const NOTHING_SERVED =
  'No provider is configured here, so there is no model to run. Whoever operates this gateway sets a provider up at its ' +
  'inference router, such as NEAR_BASE_URL and NEAR_API_KEY; its models are served within seconds after that.';

interface Listed {
  model: Model;
  /** The version of the catalogue that it was read from. */
  version: string;
}

/** The models that routers serve, in memory. While they differ, all that any of them serves, as the newest has it. */
@Injectable()
export class CatalogueService {
  #version = '';
  #createdAt = 0;
  #models = new Map<string, Listed>();
  #traits = traitsOf([]);

  constructor(private readonly log: ServiceLog) {}

  /** Empty before any router was seen; several, joined by `+`, while routers differ. */
  get version(): string {
    return this.#version;
  }

  /** Epoch seconds of the catalogue's last change. */
  get createdAt(): number {
    return this.#createdAt;
  }

  all(): Model[] {
    return [...this.#models.values()].map(({ model }) => model);
  }

  /** What the reading of a request goes by. */
  get traits() {
    return this.#traits;
  }

  /** The version that a model is of, and its price with it. */
  versionOf(id: string): string {
    return this.#models.get(id)?.version ?? this.#version;
  }

  /** @param served what each router serves that requests may go to; none at all changes nothing */
  show(served: readonly ServedModels[]): void {
    const version = [...new Set(served.map((each) => each.version))].sort().join('+');
    if (version === this.#version || served.length === 0) return;
    const byAge = [...served].sort((one, other) => one.createdAt - other.createdAt);
    this.#models = new Map(byAge.flatMap(toListed));
    this.#traits = traitsOf(this.all());
    this.#version = version;
    this.#createdAt = byAge.at(-1)?.createdAt ?? 0;
    this.log.info('catalogue loaded', { version, models: this.#models.size });
    if (this.#models.size === 0) this.log.warn('no router serves a model: no provider of its models is configured');
  }

  /**
   * @param param where in the request the id stands
   * @throws ServiceError `model_not_found` naming the nearest ids; `service_unavailable` before any router was seen
   * @throws RefusalError `service_unavailable` while no provider is configured
   */
  require(id: string, param = 'model'): Model {
    const listed = this.#models.get(id);
    if (listed) return listed.model;
    if (this.#version === '')
      throw new ServiceError('service_unavailable', 'The model catalogue is not loaded yet; try again shortly.');
    if (this.#models.size === 0)
      throw new RefusalError({ code: 'service_unavailable', message: NOTHING_SERVED, isLasting: true });
    const suggestions = nearest(id, [...this.#models.keys()]).slice(0, MAX_SUGGESTIONS);
    const hint =
      suggestions.length > 0
        ? `Did you mean ${suggestions.join(' or ')}?`
        : 'GET /v1/models lists the models there are.';
    throw new ServiceError('model_not_found', `The model does not exist. ${hint}`, { param });
  }
}

function toListed({ version, models }: ServedModels): [string, Listed][] {
  return [...models.values()].map((model) => [model.id, { model, version }]);
}

/** Plain data, for threads that read requests. */
function traitsOf(models: readonly Model[]) {
  return {
    caching: new Set(models.filter(({ promptCaching }) => promptCaching).map(({ id }) => id)),
    tokenizers: new Map(models.flatMap(({ id, tokenizer }) => (tokenizer ? [[id, tokenizer] as const] : []))),
  };
}
