import { chatRequestEdits, outputLimitOf, parseChatRequest, splice, type ChatRequest } from '@orgn/api';
import { Injectable } from '@nestjs/common';
import { ServiceError } from '@orgn/contracts';
import { CatalogueService } from '../catalogue/catalogue.service.ts';
import type { CatalogueEntry } from '../catalogue/catalogue-file.ts';
import type { Provider } from '../providers/provider.ts';
import { ProvidersService } from '../providers/providers.service.ts';

/** A request ready to leave: to whom, with which bytes, and what its caller asked to see. */
export interface Plan {
  entry: CatalogueEntry;
  kind: Provider;
  body: Buffer;
  isStream: boolean;
  /** The caller asked for the usage chunk of a stream. */
  wantsUsage: boolean;
}

/** Decides how a request executes. Believes nothing the gateway concluded: model and limits are read from the body. */
@Injectable()
export class Planner {
  constructor(
    private readonly catalogue: CatalogueService,
    private readonly providers: ProvidersService,
  ) {}

  /** @throws ServiceError when the request is not one this router may send */
  plan(body: Buffer): Plan {
    const request = parseChatRequest(body);
    const entry = this.#entryFor(request);
    if (!this.providers.endpointOf(entry.provider))
      throw new ServiceError(
        'provider_unavailable',
        `This deployment is not connected to the provider of ${entry.id}.`,
        { param: 'model' },
      );
    this.providers.requireAttestation(entry.execution);
    const kind = this.providers.kindOf(entry.provider);
    const isStream = request.stream === true;
    const edits = chatRequestEdits(body, {
      upstreamModel: entry.upstream,
      maxTokens: outputLimitOf(request) === undefined ? entry.defaultOutput : undefined,
      forceUsage: isStream,
      members: kind.members,
    });
    return {
      entry,
      kind,
      isStream,
      body: splice(body, edits),
      wantsUsage: request.stream_options?.include_usage === true,
    };
  }

  #entryFor(request: ChatRequest): CatalogueEntry {
    const entry = this.catalogue.find(request.model);
    if (!entry) throw new ServiceError('model_not_found', 'This model does not exist here.', { param: 'model' });
    if (entry.type !== 'chat')
      throw new ServiceError('invalid_request', `${entry.id} is not a chat model.`, { param: 'model' });
    const limit = outputLimitOf(request) ?? 0;
    if (limit > entry.maxOutput) {
      const param = request.max_tokens === limit ? 'max_tokens' : 'max_completion_tokens';
      throw new ServiceError('invalid_request', `${param} must be at most ${entry.maxOutput} for ${entry.id}.`, {
        param,
      });
    }
    return entry;
  }
}
