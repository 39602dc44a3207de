import type { DispatchError, ProviderUsage } from '@orgn/api';
import type { ServiceError } from '@orgn/contracts';
import type { UpstreamCall } from '../providers/provider.client.ts';
import type { UsageCount, UsageRecorder, UsageSubject } from '../usage/usage-recorder.ts';
import type { AnswerSink } from './answer-sink.ts';
import type { DispatchOrder } from './dispatch-order.ts';
import type { Plan } from './planner.ts';
import { estimateTokens } from './token-estimate.ts';

export interface ExchangeParts {
  order: DispatchOrder;
  plan: Plan;
  sink: AnswerSink;
  recorder: UsageRecorder;
  /** Called once, when nothing more will happen. */
  whenEnded: () => void;
}

/**
 * One request between caller and provider. It ends once: with a recorded outcome first, and the last bytes or the
 * refusal after it.
 */
export class Exchange {
  #hasEnded = false;
  #call: UpstreamCall | undefined;
  /** Output chunks that passed by, for counting where the provider does not. */
  outputs = 0;
  usage: ProviderUsage | undefined;

  readonly order: DispatchOrder;
  readonly plan: Plan;
  readonly sink: AnswerSink;
  readonly #recorder: UsageRecorder;
  readonly #whenEnded: () => void;
  readonly #startedAt = Date.now();

  constructor(parts: ExchangeParts) {
    this.order = parts.order;
    this.plan = parts.plan;
    this.sink = parts.sink;
    this.#recorder = parts.recorder;
    this.#whenEnded = parts.whenEnded;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Ties the provider's connection to the caller's: slow readers slow it down. */
  attach(call: UpstreamCall): void {
    this.#call = call;
    this.sink.onDrain(() => call.resume());
  }

  /** Passes bytes on at the caller's pace. */
  forward(bytes: Buffer): void {
    if (!this.sink.write(bytes)) this.#call?.pause();
  }

  /** A caller that left no longer slows the provider down. */
  unblock(): void {
    this.#call?.resume();
  }

  /** Headers that say what executed. */
  headers(contentType: string): Record<string, string> {
    const { entry } = this.plan;
    return {
      'content-type': contentType,
      'x-ollm-execution': entry.execution,
      'x-ollm-provider': entry.provider,
      ...(entry.execution === 'tee' && { 'x-ollm-attestation': 'unknown' }),
    };
  }

  /** The whole answer arrived: its usage is stored first, then `release` sends the last bytes. */
  async complete(release: (costNanoUsd: number) => void): Promise<void> {
    if (!this.#end()) return;
    const count = this.#count();
    try {
      await this.#recorder.record(this.#subject, this.sink.isGone ? 'cancelled' : 'completed', count);
      release(this.#recorder.costOf(this.#subject, count));
    } catch (error) {
      this.sink.fail((error as ServiceError).toWire());
    }
    this.#whenEnded();
  }

  /** The answer broke off, or never began. What was produced is recorded, then the caller is told. */
  fail(error: DispatchError, cause: ServiceError): void {
    if (!this.#end()) return;
    this.#call?.abort(cause);
    this.#recorder.recordEventually(this.#subject, 'failed', this.#count());
    this.sink.fail(error);
    this.#whenEnded();
  }

  /** The caller left and nothing more is wanted from the provider. */
  cancel(reason: ServiceError): void {
    if (!this.#end()) return;
    this.#call?.abort(reason);
    this.#recorder.recordEventually(this.#subject, 'cancelled', this.#count());
    this.#whenEnded();
  }

  #end(): boolean {
    const isFirst = !this.#hasEnded;
    this.#hasEnded = true;
    return isFirst;
  }

  /** The provider's figures; else chunks as tokens and the prompt by its length, but nothing when nothing was produced. */
  #count(): UsageCount {
    if (this.usage) return { ...this.usage, countedBy: 'provider' };
    const promptTokens = this.outputs > 0 ? estimateTokens(this.order.body.length) : 0;
    return { promptTokens, completionTokens: this.outputs, countedBy: 'router' };
  }

  get #subject(): UsageSubject {
    const { requestId, teamId, keyId } = this.order;
    return {
      requestId,
      teamId,
      keyId,
      entry: this.plan.entry,
      streamed: this.plan.isStream,
      startedAt: this.#startedAt,
    };
  }
}
