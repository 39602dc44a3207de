import { Injectable } from '@nestjs/common';
import { ServiceError } from '@orgn/contracts';
import { withRequestId } from '@orgn/service-kit';
import { RouterConfig } from '../config.ts';
import { ProviderClient } from '../providers/provider.client.ts';
import { UsageRecorder } from '../usage/usage-recorder.ts';
import { AnswerRelay } from './answer-relay.ts';
import type { AnswerSink } from './answer-sink.ts';
import type { DispatchOrder } from './dispatch-order.ts';
import { Exchange } from './exchange.ts';
import { Planner } from './planner.ts';
import { RequestIds } from './request-ids.ts';

/** Executes requests at providers. */
@Injectable()
export class DispatchService {
  readonly #accepted = new RequestIds();

  constructor(
    private readonly planner: Planner,
    private readonly client: ProviderClient,
    private readonly usage: UsageRecorder,
    private readonly config: RouterConfig,
  ) {}

  /**
   * Sends an order to its provider, and the answer or a later refusal to the sink.
   * @throws ServiceError when the order is refused before it left; the sink was not opened then
   */
  dispatch(order: DispatchOrder, openSink: () => AnswerSink): void {
    const plan = this.planner.plan(order.body);
    if (!this.#accepted.accept(order.requestId))
      throw new ServiceError('request_conflict', 'This request was already accepted.');
    const sink = openSink();
    withRequestId(order.requestId, () => {
      const timer = setTimeout(() => this.#timeOut(exchange), this.config.TOTAL_TIMEOUT_MS);
      const exchange = new Exchange({ order, plan, sink, recorder: this.usage, whenEnded: () => clearTimeout(timer) });
      const relay = new AnswerRelay(exchange, this.config.MAX_ANSWER_BYTES);
      exchange.attach(this.client.post(plan.entry.provider, '/chat/completions', { body: plan.body, receiver: relay }));
    });
  }

  #timeOut(exchange: Exchange): void {
    const error = new ServiceError(
      'provider_timeout',
      `The request took longer than ${this.config.TOTAL_TIMEOUT_MS / 1_000} s.`,
    );
    exchange.fail(error.toWire(), error);
  }
}
