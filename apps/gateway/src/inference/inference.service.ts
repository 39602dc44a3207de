import { Injectable } from '@nestjs/common';
import type { Hold } from '../budget/budget.service.ts';
import type { EdgeCall } from '../edge/edge-call.ts';
import { AdmissionDesk } from './admission-desk.ts';
import type { InferenceEndpoint } from './inference-endpoint.ts';
import { ModelSelection } from './model-selection.ts';
import { RequestReader } from './request-reader.ts';
import { RunsService, type Run } from './runs.service.ts';

/** Running a model, whatever the endpoint: what is checked, and in which order. */
@Injectable()
export class InferenceService {
  constructor(
    private readonly reader: RequestReader,
    private readonly selection: ModelSelection,
    private readonly desk: AdmissionDesk,
    private readonly runs: RunsService,
  ) {}

  /** @throws ServiceError or RefusalError while nothing has been answered */
  async answer(endpoint: InferenceEndpoint, edge: EdgeCall): Promise<void> {
    edge.timing.mark('body');
    const caller = await this.desk.recognise(edge, edge.requestId);
    edge.timing.mark('verify');
    const { body, contentType, digest, isStream, measure, ...asked } = await this.reader.read(endpoint, edge);
    const models = this.selection.select(asked, endpoint.capability);
    edge.facts.model = models[0].id;
    const hold = await this.desk.admit(edge, { caller, models, measure });
    const run = { edge, path: endpoint.path, caller, models, isStream, hold: hold.receipt, body, contentType, digest };
    await this.#run(run, hold);
  }

  /** @throws what the caller has yet to be told */
  async #run(run: Run, hold: Hold): Promise<void> {
    let isOwed = false;
    try {
      const end = await this.runs.run(run);
      isOwed = end.outcome !== 'released';
      if (end.error) throw isOwed ? asFinal(run, end.error) : end.error;
    } finally {
      // What was dispatched is settled by its usage.
      if (!isOwed) hold.release();
    }
  }
}

/** A client that repeats named work by itself would only learn that it must not: better to see this failure at once. */
function asFinal({ edge }: Run, error: unknown): unknown {
  if (edge.idempotencyKey !== undefined) void edge.reply.header('x-should-retry', 'false');
  return error;
}
