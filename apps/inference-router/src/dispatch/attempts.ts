import type { DispatchError } from '@orgn/dialects';
import { type ErrorCode, type ServiceError } from '@orgn/contracts';
import { AnswerRelay } from '../answers/answer-relay.ts';
import type { Attempt } from '../answers/attempt.ts';
import type { EarlyHeaders } from '../answers/early-headers.ts';
import type { AttestationGate } from '../attestation/attestation.gate.ts';
import type { Lease } from '../attestation/sessions.service.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { toServiceError } from '../exchange/service-error.ts';
import type { Target } from '../exchange/target.ts';
import type { ProviderClient } from '../providers/provider.client.ts';
import type { ProviderMetrics } from '../providers/provider.metrics.ts';
import type { ProvidersService } from '../providers/providers.service.ts';
import { toUpstream } from './planner.ts';

const MAX_RETRIES = 2;
const BACKOFF_MS = 100;

/** Refusals that another model may not share. Everything else is about the request, and would be the same elsewhere. */
const elsewhere = new Set<ErrorCode>([
  'attestation_failed',
  'provider_timeout',
  'provider_unavailable',
  'rate_limit_exceeded',
  'service_unavailable',
  'zdr_unavailable',
]);

export interface AttemptTools {
  gate: AttestationGate;
  client: ProviderClient;
  providers: ProvidersService;
  metrics: ProviderMetrics;
}

/**
 * Asks one provider after the other until one begins to answer: again where the request was not taken and the budget for
 * retries allows it, then the next model that the caller listed. Once an answer has begun there is no way back.
 */
export class Attempts implements Attempt {
  #index = 0;
  #retries = 0;

  constructor(
    private readonly exchange: Exchange,
    private readonly targets: readonly Target[],
    private readonly tools: AttemptTools,
    private readonly earlyHeaders: EarlyHeaders,
  ) {}

  begin(): void {
    this.#deposit();
    void this.#attempt();
  }

  /** The current attempt ended without an answer. */
  failed(refusal: DispatchError, cause: ServiceError, { isRetryable }: { isRetryable: boolean }): void {
    const { exchange } = this;
    if (exchange.hasEnded) return;
    exchange.abandon();
    if (!exchange.sink.isGone) {
      if (isRetryable && this.#mayRetry()) return this.#retry();
      if (elsewhere.has(refusal.code) && this.#hasNext) return this.#fallBack();
    }
    exchange.fail(refusal, cause);
  }

  async #attempt(): Promise<void> {
    const { exchange } = this;
    let lease: Lease | undefined;
    try {
      const upstream = await toUpstream(exchange.request, exchange.target);
      const { model } = exchange.target;
      exchange.attestation = await this.tools.gate.admit(model, exchange.order.demands);
      lease = exchange.attestation?.lease;
      if (exchange.hasEnded) return lease?.release();
      exchange.witness?.asks(exchange.target, upstream, exchange.attestation);
      const relay = new AnswerRelay(exchange, this);
      exchange.attach(this.tools.client.post(model.provider, upstream, relay, lease?.way));
      this.earlyHeaders.arm();
    } catch (error) {
      lease?.release();
      const cause = toServiceError(error);
      this.failed(cause.toWire(), cause, { isRetryable: false });
    }
  }

  /** The headers name the model that answers, so once they have left there is no other. */
  get #hasNext(): boolean {
    return this.#index + 1 < this.targets.length && !this.exchange.sink.hasBegun;
  }

  #mayRetry(): boolean {
    return this.#retries < MAX_RETRIES && this.#provider.retries.withdraw();
  }

  #retry(): void {
    this.#retries += 1;
    this.tools.metrics.retried(this.#provider.name);
    const backoff = BACKOFF_MS * 2 ** (this.#retries - 1);
    setTimeout(() => this.#again(), backoff / 2 + (Math.random() * backoff) / 2);
  }

  #fallBack(): void {
    this.tools.metrics.fellBack(this.#provider.name);
    this.#index += 1;
    this.#retries = 0;
    this.exchange.target = this.targets[this.#index] ?? this.exchange.target;
    this.#deposit();
    this.#again();
  }

  #again(): void {
    if (!this.exchange.hasEnded) void this.#attempt();
  }

  #deposit(): void {
    this.#provider.retries.deposit();
  }

  get #provider() {
    return this.tools.providers.require(this.exchange.target.model.provider);
  }
}
