import { Injectable } from '@nestjs/common';
import { ServiceError } from '@orgn/contracts';
import { withRequestId } from '@orgn/service-kit';
import { requirePermitted } from '../admission/permission.ts';
import { RouterConfig } from '../config.ts';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { EarlyHeaders } from '../answers/early-headers.ts';
import type { AnswerSink } from '../exchange/answer-sink.ts';
import type { MemoryLease } from '../exchange/held-memory.ts';
import type { DispatchOrder } from '../exchange/dispatch-order.ts';
import { Exchange } from '../exchange/exchange.ts';
import { Attempts } from './attempts.ts';
import { DispatchBooks } from './dispatch-books.ts';
import { DispatchTools } from './dispatch-tools.ts';
import { Planner } from './planner.ts';
import { RequestIds } from './request-ids.ts';

/** Where an order came from. */
export interface Hop {
  /** Takes the answer's way back over; nothing else answers from then on. */
  openSink(): AnswerSink;
  /** What the order takes up in memory. */
  memory: MemoryLease;
}

/** Executes requests at providers. */
@Injectable()
export class DispatchService {
  readonly #accepted = new RequestIds();

  constructor(
    private readonly planner: Planner,
    private readonly tools: DispatchTools,
    private readonly books: DispatchBooks,
    private readonly config: RouterConfig,
  ) {}

  /**
   * Sends an order to its provider, and the answer or a later refusal to the sink.
   * @throws ServiceError when the order is refused before it left; the sink was not opened then
   */
  async dispatch(endpoint: Endpoint, order: DispatchOrder, from: Hop): Promise<void> {
    if (order.isRaw && !this.config.RAW_ANSWERS) throw rawIsOff();
    const request = await this.planner.read(endpoint, order);
    const targets = this.planner.targetsFor(request, order.admitted.admission.admittedAtMs);
    for (const { model } of targets) requirePermitted(order.admitted, model);
    this.books.recorder.requireStorable();
    if (request.isStream) this.books.running.requireSlot(order.admitted.admission);
    if (targets.length === 1) await this.tools.gate.require(targets[0].model, order.demands);
    if (!this.#accepted.accept(order.requestId))
      throw new ServiceError('request_conflict', 'This request was already accepted.');
    const sink = from.openSink();
    const { receipts } = this.books;
    const witness = targets.some(({ model }) => model.execution !== 'operator')
      ? receipts.witness(order, endpoint.path, request.isStream)
      : undefined;
    withRequestId(order.requestId, () => {
      const timer = setTimeout(() => this.#timeOut(exchange), this.config.TOTAL_TIMEOUT_MS);
      const exchange = new Exchange({
        order,
        request,
        target: targets[0],
        sink,
        recorder: this.books.recorder,
        metrics: this.tools.metrics,
        limits: this.#limits,
        memory: from.memory,
        witness,
        whenEnded: () => {
          if (witness) void receipts.take(witness);
          leave();
          clearTimeout(timer);
          earlyHeaders.cancel();
        },
      });
      const leave = this.books.running.add(exchange);
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
