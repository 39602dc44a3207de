import { Injectable } from '@nestjs/common';
import { ServiceError, type Capability, type Execution } from '@orgn/contracts';
import { promptBound } from '@orgn/dialects';
import { RouterConfig } from '../config.ts';
import { CatalogueService, type CataloguedModel } from '../catalogue/catalogue.service.ts';
import type { Endpoint, InferenceRequest } from '../endpoints/endpoint.ts';
import { ReadingThreads } from '../endpoints/reading-threads.ts';
import type { DispatchOrder } from '../exchange/dispatch-order.ts';
import type { Target } from '../exchange/target.ts';
import type { UpstreamRequest } from '../providers/provider.client.ts';
import { ProvidersService } from '../providers/providers.service.ts';
import { TeamSeals } from '../seals/team-seals.ts';

const MAX_NAMED = 8;

/** Decides where a request may execute. Believes nothing the gateway concluded: all is read from the body again. */
@Injectable()
export class Planner {
  constructor(
    private readonly catalogue: CatalogueService,
    private readonly providers: ProvidersService,
    private readonly config: RouterConfig,
    private readonly threads: ReadingThreads,
  ) {}

  /** Takes the body of an order. @throws ServiceError when the request is not one that may be sent */
  read(endpoint: Endpoint, { body, contentType, admitted }: DispatchOrder): Promise<InferenceRequest> {
    const seals = new TeamSeals(this.config.REASONING_KEYS ?? [], admitted.admission.teamId);
    return this.threads.read(endpoint, { body, contentType, seals });
  }

  /**
   * The models to try, in the caller's order. Every one of them must be able to answer, so that a request that is wrong
   * is refused at once and not only when its first model happens to fail.
   * @param admittedAtMs what they cost is what they cost then
   * @throws ServiceError when the request is not one this router may send
   */
  targetsFor(request: InferenceRequest, admittedAtMs: number): [Target, ...Target[]] {
    const [first = '', ...others] = request.models;
    const primary = this.#targetOf(first, { request, admittedAtMs }, 'model');
    const fallbacks = others.map((id, index) => {
      const param = `models[${index}]`;
      const target = this.#targetOf(id, { request, admittedAtMs }, param);
      requireAsStrong(target.model, primary.model.execution, param);
      return target;
    });
    return [primary, ...fallbacks];
  }

  #targetOf(id: string, { request, admittedAtMs }: Admitted, param: string): Target {
    const model = this.catalogue.findAt(id, admittedAtMs);
    if (!model) throw new ServiceError('model_not_found', 'This model does not exist here.', { param });
    for (const need of request.needs) this.#requireCapability(model, need, param);
    if (this.config.OUTPUT_LIMIT === 'refuse') requireWithinOutput(model, request);
    requireCaching(model, request);
    promptBound(request.bounds.measure.prompt, model);
    if (this.providers.endpointOf(model.provider)) return { model, kind: this.providers.kindOf(model.provider) };
    throw new ServiceError('provider_unavailable', `This deployment is not connected to the provider of ${id}.`, {
      param,
    });
  }

  #requireCapability(model: CataloguedModel, need: Capability, param: string): void {
    if (model.capabilities.includes(need)) return;
    const able = this.catalogue.idsWith(need);
    const named = able.slice(0, MAX_NAMED).join(', ');
    const hint =
      able.length > 0 ? `These have: ${named}${able.length > MAX_NAMED ? ', …' : ''}.` : 'No model here has.';
    throw new ServiceError('capability_not_supported', `${model.id} has no "${need}" capability. ${hint}`, { param });
  }
}

/** A request, and when the database admitted it. */
interface Admitted {
  request: InferenceRequest;
  admittedAtMs: number;
}

/** The request for a target's provider: its name of the model, its flags, and a limit where the caller set none. */
export async function toUpstream(request: InferenceRequest, { model, kind }: Target): Promise<UpstreamRequest> {
  return request.toUpstream(
    {
      upstreamModel: model.upstream,
      maxTokens: request.outputLimit || model.maxOutput === 0 ? undefined : model.defaultOutput,
      mostTokens: model.maxOutput === 0 ? undefined : model.maxOutput,
      engine: kind.engine,
      forceUsage: request.isStream,
      members: kind.members,
    },
    model,
  );
}

/**
 * A fallback runs in the same execution class as the model it stands in for, or in an enclave. Zero retention and the
 * operator's own machines are promises of different people, so neither stands in for the other.
 */
function requireAsStrong(fallback: CataloguedModel, execution: Execution, param: string): void {
  if (fallback.execution === execution || fallback.execution === 'tee') return;
  throw new ServiceError(
    'invalid_request',
    `${fallback.id} (${fallback.execution}) cannot stand in for a model that executes as ${execution}: a fallback never runs in a weaker class.`,
    { param },
  );
}

function requireWithinOutput(model: CataloguedModel, { outputLimit }: InferenceRequest): void {
  if (!outputLimit || outputLimit.tokens <= model.maxOutput) return;
  const { param } = outputLimit;
  throw new ServiceError('invalid_request', `${param} must be at most ${model.maxOutput} for ${model.id}.`, { param });
}

/** The edge cuts these marks out where they may not pass. */
function requireCaching({ id, promptCaching }: CataloguedModel, { marksCaching }: InferenceRequest): void {
  if (!marksCaching || promptCaching) return;
  throw new ServiceError('invalid_request', `cache_control must be left out: prompts for ${id} are not cached.`, {
    param: 'cache_control',
  });
}
