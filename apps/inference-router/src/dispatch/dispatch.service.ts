import { Injectable } from '@nestjs/common';
import { ServiceError } from '@orgn/contracts';
import { withRequestId } from '@orgn/service-kit';
import { requirePermitted } from '../admission/permission.ts';
import { RouterConfig } from '../config.ts';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { EarlyHeaders } from '../answers/early-headers.ts';
import type { AnswerSink } from '../exchange/answer-sink.ts';
import type { DispatchOrder } from '../exchange/dispatch-order.ts';
import { Exchange } from '../exchange/exchange.ts';
import { UsageRecorder } from '../usage/usage-recorder.ts';
import { Attempts } from './attempts.ts';
import { DispatchTools } from './dispatch-tools.ts';
import { Planner } from './planner.ts';
import { RequestIds } from './request-ids.ts';

/** Executes requests at providers. */
@Injectable()
export class DispatchService {
  readonly #accepted = new RequestIds();

  constructor(
    private readonly planner: Planner,
    private readonly tools: DispatchTools,
    private readonly recorder: UsageRecorder,
    private readonly config: RouterConfig,
  ) {}

  /**
   * Sends an order to its provider, and the answer or a later refusal to the sink.
   * @throws ServiceError when the order is refused before it left; the sink was not opened then
   */
  async dispatch(endpoint: Endpoint, order: DispatchOrder, openSink: () => AnswerSink): Promise<void> {
    if (order.isRaw && !this.config.RAW_ANSWERS) throw rawIsOff();
    const request = await this.planner.read(endpoint, order);
    const targets = this.planner.targetsFor(request);
    for (const { model } of targets) requirePermitted(order.admitted, model);
    this.recorder.requireStorable();
    if (targets.length === 1) await this.tools.gate.admit(targets[0].model);
    if (!this.#accepted.accept(order.requestId))
      throw new ServiceError('request_conflict', 'This request was already accepted.');
    const sink = openSink();
    withRequestId(order.requestId, () => {
      const timer = setTimeout(() => this.#timeOut(exchange), this.config.TOTAL_TIMEOUT_MS);
      const exchange = new Exchange({
        order,
        request,
        target: targets[0],
        sink,
        recorder: this.recorder,
        metrics: this.tools.metrics,
        limits: this.#limits,
        whenEnded: () => {
          clearTimeout(timer);
          earlyHeaders.cancel();
        },
      });
      const earlyHeaders = new EarlyHeaders(exchange, this.config.EARLY_HEADERS_MS);
      new Attempts(exchange, targets, this.tools, earlyHeaders).begin();
    });
  }

  get #limits() {
    return {
      maxAnswerBytes: this.config.MAX_ANSWER_BYTES,
      heartbeatMs: this.config.STREAM_HEARTBEAT_MS,
      slowReaderMs: this.config.SLOW_READER_TIMEOUT_MS,
    };
  }

  #timeOut(exchange: Exchange): void {
    const error = new ServiceError(
      'provider_timeout',
      `The request took longer than ${this.config.TOTAL_TIMEOUT_MS / 1_000} s.`,
    );
    exchange.fail(error.toWire(), error);
  }
}

function rawIsOff(): ServiceError {
  return new ServiceError('invalid_request', 'This deployment edits every answer; leave out the header "x-ollm-raw".', {
    param: 'x-ollm-raw',
  });
}
