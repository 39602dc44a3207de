import { Injectable } from '@nestjs/common';
import type { TokenCount } from '@orgn/dialects';
import type { EdgeCall } from '../edge/edge-call.ts';
import { AdmissionDesk } from './admission-desk.ts';
import { inputTokensEndpoint, tokenCountEndpoint } from './endpoints/token-count.endpoint.ts';
import type { ReadableEndpoint } from './inference-endpoint.ts';
import { ModelSelection } from './model-selection.ts';
import { RequestReader } from './request-reader.ts';

/** OpenAI's answer to `responses/input_tokens`. */
export interface InputTokens extends TokenCount {
  object: 'response.input_tokens';
}

/** Counts the tokens of a conversation without running it: answered here, since no provider needs to see it. */
@Injectable()
export class TokenCountService {
  constructor(
    private readonly reader: RequestReader,
    private readonly selection: ModelSelection,
    private readonly desk: AdmissionDesk,
  ) {}

  /** @throws ServiceError or RefusalError as running the model would */
  async count(edge: EdgeCall): Promise<TokenCount> {
    return this.#count(tokenCountEndpoint, edge);
  }

  /** The same for a response's input. @throws ServiceError or RefusalError as running the model would */
  async countInput(edge: EdgeCall): Promise<InputTokens> {
    return { object: 'response.input_tokens', ...(await this.#count(inputTokensEndpoint, edge)) };
  }

  async #count(endpoint: ReadableEndpoint, edge: EdgeCall): Promise<TokenCount> {
    const caller = await this.desk.recognise(edge);
    const { model, tokens } = await this.reader.read(endpoint, edge);
    if (!tokens) throw new RangeError('this endpoint does not count');
    const models = this.selection.select({ model, fallbacks: [] }, 'chat');
    edge.facts.model = models[0].id;
    this.desk.authorise(edge, caller, models);
    return tokens;
  }
}
