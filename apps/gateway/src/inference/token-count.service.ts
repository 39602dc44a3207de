import { Injectable } from '@nestjs/common';
import { countTokens, tokenCountForm, type TokenCount } from '@orgn/dialects';
import type { EdgeCall } from '../edge/edge-call.ts';
import { AdmissionDesk } from './admission-desk.ts';
import { ModelSelection } from './model-selection.ts';
import { RequestReader } from './request-reader.ts';

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
    const models = this.selection.select({ model: request.model, fallbacks: [] }, 'chat');
    edge.facts.model = models[0].id;
    await this.desk.recognise(edge, models);
    return countTokens(request, models[0].tokenizer);
  }
}
