import { Injectable } from '@nestjs/common';
import type { TokenizerFamily } from '@orgn/contracts';
import { countResponseTokens, countTokens, responseForm, tokenCountForm, type TokenCount } from '@orgn/dialects';
import type { EdgeCall } from '../edge/edge-call.ts';
import { AdmissionDesk } from './admission-desk.ts';
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
    const request = this.reader.readForm(tokenCountForm, edge);
    return countTokens(request, await this.#admit(request.model, edge));
  }

  /** The same for a response's input. @throws ServiceError or RefusalError as running the model would */
  async countInput(edge: EdgeCall): Promise<InputTokens> {
    const request = this.reader.readForm(responseForm, edge);
    const family = await this.#admit(request.model, edge);
    return { object: 'response.input_tokens', ...countResponseTokens(request, family) };
  }

  /** @returns the family of the model's tokenizer */
  async #admit(model: string, edge: EdgeCall): Promise<TokenizerFamily | undefined> {
    const models = this.selection.select({ model, fallbacks: [] }, 'chat');
    edge.facts.model = models[0].id;
    await this.desk.recognise(edge, models);
    return models[0].tokenizer;
  }
}
