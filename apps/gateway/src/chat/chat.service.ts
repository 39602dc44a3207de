import { Injectable } from '@nestjs/common';
import { parseChatRequest } from '@orgn/api';
import { ServiceError, type Model } from '@orgn/contracts';
import { CallersService, requireAllowed } from '../authentication/callers.service.ts';
import type { EdgeCall } from '../edge/edge-call.ts';
import { CatalogueService } from '../models/catalogue.service.ts';
import { Relay } from '../relay/relay.ts';
import { KeyWatch } from '../running/key-watch.ts';

/** Chat completions: what is checked, and in which order. */
@Injectable()
export class ChatService {
  constructor(
    private readonly catalogue: CatalogueService,
    private readonly callers: CallersService,
    private readonly watch: KeyWatch,
    private readonly relay: Relay,
  ) {}

  /** @throws ServiceError or RefusalError while nothing has been answered */
  async complete(edge: EdgeCall): Promise<void> {
    const request = parseChatRequest(edge.body);
    const model = requireChat(this.catalogue.require(request.model));
    edge.facts.model = model.id;
    // The key is verified after the body is complete and just before dispatch: a revoke that returned meanwhile counts.
    const caller = await this.callers.verify(edge.apiKey);
    edge.facts.keyId = caller.keyId;
    requireAllowed(caller, model);
    const use = { requestId: edge.requestId, key: edge.apiKey, caller, model };
    const isStream = request.stream === true;
    await this.watch.during(use, (cut) => this.relay.send({ edge, caller, model, isStream, cut }));
  }
}

function requireChat(model: Model): Model {
  if (model.type === 'chat') return model;
  throw new ServiceError(
    'invalid_request',
    `${model.id} is not a chat model. GET /v1/models lists the type of each model.`,
    { param: 'model' },
  );
}
