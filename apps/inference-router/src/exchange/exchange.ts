import type { AnswerParts, DispatchError } from '@orgn/dialects';
import { ServiceError } from '@orgn/contracts';
import type { Attestation } from '../attestation/attestation.gate.ts';
import type { AnswerEstimate, AnswerIdentity, InferenceRequest } from '../endpoints/endpoint.ts';
import type { UpstreamCall } from '../providers/provider.client.ts';
import type { RoutingWord } from '../providers/provider.ts';
import type { ProviderMetrics } from '../providers/provider.metrics.ts';
import type { UsageCount } from '../usage/usage-count.ts';
import type { UsageRecorder, UsageSubject } from '../usage/usage-recorder.ts';
import { answerHeaders } from './answer-headers.ts';
import type { AnswerHeaders, AnswerSink } from './answer-sink.ts';
import type { MemoryLease } from './held-memory.ts';
import type { DispatchOrder } from './dispatch-order.ts';
import { Hearing, type HeardParts } from './hearing.ts';
import { toServiceError } from './service-error.ts';
import type { Target } from './target.ts';
import type { ExchangeWitness } from './exchange-witness.ts';

/** What bounds an exchange. */
export interface ExchangeLimits {
  maxAnswerBytes: number;
  heartbeatMs: number;
  slowReaderMs: number;
}

export interface ExchangeParts {
  order: DispatchOrder;
  request: InferenceRequest;
  target: Target;
  sink: AnswerSink;
  recorder: UsageRecorder;
  metrics: ProviderMetrics;
  limits: ExchangeLimits;
  /** What the request takes up in memory; the exchange shares it until it ends. */
  memory: MemoryLease;
  witness?: ExchangeWitness | undefined;
  /** Called once, when nothing more will happen. */
  whenEnded: () => void;
}

/**
 * One request between caller and provider. It ends once: with a recorded outcome first, and the last bytes or the
 * refusal after it.
 */
export class Exchange {
  readonly order: DispatchOrder;
  readonly request: InferenceRequest;
  readonly sink: AnswerSink;
  readonly limits: ExchangeLimits;
  /** The model that is asked, or that was asked last. */
  target: Target;
  attestation: Attestation | undefined;
  /** What sees it for its receipt; undefined where none will be made. */
  readonly witness: ExchangeWitness | undefined;
  readonly #recorder: UsageRecorder;
  readonly #metrics: ProviderMetrics;
  readonly #whenEnded: () => void;
  readonly #memory: MemoryLease;
  #heldBytes = 0;
  /** By a clock that nobody can set. */
  readonly #startedAt = performance.now();
  #hasEnded = false;
  #call: UpstreamCall | undefined;
  #stall: NodeJS.Timeout | undefined;
  #hearing = new Hearing();

  constructor(parts: ExchangeParts) {
    this.order = parts.order;
    this.request = parts.request;
    this.target = parts.target;
    this.sink = parts.sink;
    this.limits = parts.limits;
    this.witness = parts.witness;
    if (this.witness) this.sink.onWritten = (bytes) => this.witness?.shown.take(bytes);
    this.#recorder = parts.recorder;
    this.#metrics = parts.metrics;
    this.#whenEnded = parts.whenEnded;
    this.#memory = parts.memory.share();
    this.sink.onDrain(() => this.#resume());
    this.sink.onGone(() => this.#callerLeft());
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** What a translated answer says of itself. */
  get identity(): AnswerIdentity {
    const { model } = this.target;
    return {
      requestId: this.order.requestId,
      model: model.id,
      promptEstimate: () => Math.min(this.request.promptEstimate(model.tokenizer), model.context),
      executed: model,
    };
  }

  /** What the request used by what is known so far. Once an answer is whole it is what the caller is charged for. */
  get count(): UsageCount {
    return this.#hearing.countFor(this.request, this.target);
  }

  /** What that costs, in nano-USD. */
  get cost(): number {
    return this.#recorder.costOf(this.#subject, this.count);
  }

  /** Ties the provider's connection to the caller's: slow readers slow it down. */
  attach(call: UpstreamCall): void {
    this.#call = call;
  }

  /** An attempt came to nothing: what was heard of it does not count. @param cause ends the provider's work, if it goes on */
  abandon(cause?: ServiceError): void {
    if (cause) this.#call?.abort(cause);
    this.#call = undefined;
    this.#heldBytes = 0;
    this.#hearing = new Hearing();
  }

  /** Takes in what a chunk of a stream counts. */
  hear(parts: HeardParts): void {
    this.#hearing.hear(parts);
  }

  /** Takes in what a whole answer counts. */
  hearWhole(parts: AnswerParts, estimate: AnswerEstimate): void {
    this.#hearing.hearWhole(parts, estimate);
  }

  /** @throws ServiceError when the provider says that it broke the terms of the request */
  hearRouting(word: RoutingWord | undefined): void {
    if (!word) return;
    this.#hearing.claims = word.claims;
    if (this.witness) this.witness.routing = word.digest;
    this.#metrics.claimed(this.target.model.provider, word.isBreach ? 'breach' : 'compliant');
    if (!word.isBreach) return;
    throw new ServiceError(
      'zdr_unavailable',
      'The provider says that it served the request outside of its zero-retention terms, so the answer is not passed on.',
    );
  }

  /**
   * Takes memory for bytes that wait until the usage is stored.
   * @throws ServiceError when this answer, or all of them together, have more of it than they may
   */
  hold(bytes: number): void {
    this.#heldBytes += bytes;
    if (this.#heldBytes > this.limits.maxAnswerBytes) {
      throw new ServiceError('provider_unavailable', 'The model provider sent an answer that is too large.');
    }
    if (this.#memory.grow(bytes)) return;
    throw new ServiceError('service_unavailable', 'Too many large answers are under way; try again shortly.');
  }

  /** Passes bytes on at the caller's pace. A reader that takes nothing for too long is cut off. */
  forward(bytes: Buffer): void {
    if (this.sink.write(bytes)) return;
    this.#call?.pause();
    this.#stall ??= setTimeout(() => this.sink.destroy(), this.limits.slowReaderMs);
  }

  /** Headers that say what executed. */
  headers(contentType: string): AnswerHeaders {
    return answerHeaders(this, contentType);
  }

  /** The whole answer arrived: its usage is stored first, then `release` sends the last bytes. */
  async complete(release: (costNanoUsd: number) => void): Promise<void> {
    if (!this.#end()) return;
    const { count } = this;
    try {
      await this.#recorder.record(this.#subject, this.sink.isGone ? 'cancelled' : 'completed', count);
      release(this.#recorder.costOf(this.#subject, count));
      this.witness?.ended(!this.sink.isGone);
    } catch (error) {
      this.sink.withhold(toServiceError(error).toWire(), this.#recorder.sealOf(this.#subject));
    }
    this.#ended();
  }

  /** The answer broke off, or never began. What was produced is recorded, then the caller is told. */
  fail(error: DispatchError, cause: ServiceError): void {
    this.#breakOff('failed', cause, error);
  }

  /** Ends it because this process ends, with a word on what was used. */
  cut(cause: ServiceError): void {
    this.#breakOff(this.sink.isGone ? 'cancelled' : 'failed', cause);
  }

  /**
   * A stream whose tokens we count is ended upstream at once; anything else that a provider has begun runs on, unseen,
   * for the final figures.
   */
  #callerLeft(): void {
    const runsOn = this.#call && !(this.request.isStream && this.target.kind.whenCallerLeaves === 'abort');
    if (runsOn) return this.#resume();
    this.#breakOff('cancelled', new ServiceError('request_timeout', 'the caller left'));
  }

  #breakOff(outcome: 'failed' | 'cancelled', cause: ServiceError, told: DispatchError = cause.toWire()): void {
    if (!this.#end()) return;
    // Reading a prompt is work, too: it is owed also by who does not wait for what comes of it.
    this.#hearing.isPromptOwed = outcome === 'cancelled' && (this.#call?.wasSent ?? false);
    this.#call?.abort(cause);
    this.#recorder.recordEventually(this.#subject, outcome, this.count);
    this.sink.fail(told);
    this.#ended();
  }

  #ended(): void {
    this.#memory.release();
    this.#whenEnded();
  }

  #resume(): void {
    clearTimeout(this.#stall);
    this.#stall = undefined;
    this.#call?.resume();
  }

  #end(): boolean {
    const isFirst = !this.#hasEnded;
    this.#hasEnded = true;
    clearTimeout(this.#stall);
    return isFirst;
  }

  get #subject(): UsageSubject {
    return {
      ...{ admitted: this.order.admitted, hold: this.order.hold },
      model: this.target.model,
      streamed: this.request.isStream,
      durationMs: Math.round(performance.now() - this.#startedAt),
      claims: this.#hearing.claims,
      // Of what no provider was asked, no receipt is made.
      receiptDue: this.witness?.forwarded !== undefined,
    };
  }
}
