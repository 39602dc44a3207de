import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ServiceError } from '@orgn/contracts';
import { lengthOf, toSendable } from '@orgn/service-kit';
import { Agent, type Dispatcher } from 'undici';
import { RouterConfig } from '../config.ts';
import type { CircuitPass } from './circuit.ts';
import { ProviderMetrics, type AttemptOutcome } from './provider.metrics.ts';
import type { ProviderEndpoint, ProviderName } from './provider.ts';
import { ProvidersService, type ConfiguredProvider } from './providers.service.ts';
import { UpstreamError } from './upstream-error.ts';

export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Receives an answer as it comes. Exactly one of `onEnd` and `onError` is called last. */
export interface AnswerReceiver {
  onStart(status: number, headers: AnswerHeaders): void;
  onData(chunk: Buffer): void;
  onEnd(): void;
  /** An UpstreamError, or what the call was aborted with. */
  onError(error: ServiceError): void;
}

/** A request as it leaves. */
export interface UpstreamRequest {
  /** Below the provider's base URL: `/chat/completions`. */
  path: string;
  contentType: string;
  /** Its body, in order. */
  pieces: readonly Buffer[];
  /** The edits that made it of the caller's body; absent where no edits did. */
  splices?: readonly { at: number; length: number; put: string }[];
}

/** What a request travels by. */
export type UpstreamWay = Pick<Dispatcher, 'dispatch'>;

/** A request on its way: what its receiver may do to it. */
export class UpstreamCall {
  #controller: Dispatcher.DispatchController | undefined;
  #abortReason: Error | undefined;

  attach(controller: Dispatcher.DispatchController): void {
    if (this.#abortReason) return controller.abort(this.#abortReason);
    this.#controller = controller;
  }

  /** It has left: the provider has a prompt of ours, or is getting it. */
  get wasSent(): boolean {
    return this.#controller !== undefined;
  }

  /** Closes the connection to the provider at once, which ends generation there. */
  abort(reason: ServiceError): void {
    this.#abortReason ??= reason;
    this.#controller?.abort(reason);
  }

  pause(): void {
    this.#controller?.pause();
  }

  resume(): void {
    this.#controller?.resume();
  }
}

/** Sends requests to providers over kept-alive connections. The only place that sees a provider credential in use. */
@Injectable()
export class ProviderClient implements OnApplicationShutdown {
  readonly #agent: Agent;

  constructor(
    config: RouterConfig,
    private readonly providers: ProvidersService,
    private readonly metrics: ProviderMetrics,
  ) {
    this.#agent = new Agent({
      connect: { timeout: config.CONNECT_TIMEOUT_MS },
      headersTimeout: config.FIRST_BYTE_TIMEOUT_MS,
      bodyTimeout: config.IDLE_TIMEOUT_MS,
      keepAliveTimeout: 30_000,
      pipelining: 1,
    });
  }

  /**
   * Posts a request; the answer's bytes go to `receiver` uncompressed.
   * @param way the connections that it may travel by; without, any to the provider
   * @throws UpstreamError when the provider has been failing and is left alone for now
   */
  post(name: ProviderName, request: UpstreamRequest, receiver: AnswerReceiver, way?: UpstreamWay): UpstreamCall {
    const provider = this.providers.require(name);
    const attempt = this.#enter(provider);
    const url = new URL(`${provider.endpoint.baseUrl}${request.path}`);
    const call = new UpstreamCall();
    (way ?? this.#agent).dispatch(
      {
        origin: url.origin,
        path: url.pathname + url.search,
        method: 'POST',
        headers: headersFor(provider.endpoint, request),
        body: toSendable(request.pieces),
      },
      {
        onRequestStart: (controller) => call.attach(controller),
        onResponseStart: (_controller, status, headers) => {
          attempt.answered(status);
          receiver.onStart(status, headers);
        },
        onResponseData: (_controller, chunk) => receiver.onData(chunk),
        onResponseEnd: () => receiver.onEnd(),
        onResponseError: (_controller, error) => receiver.onError(attempt.broke(error)),
      },
    );
    return call;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#agent.destroy();
  }

  #enter(provider: ConfiguredProvider): Attempt {
    const pass = provider.circuit.enter();
    if (pass) return new Attempt(provider.name, pass, { providers: this.providers, metrics: this.metrics });
    this.metrics.attempted(provider.name, 'circuit_open');
    throw new UpstreamError('provider_unavailable', 'The model provider is failing; try again shortly.', {
      isRetryable: false,
    });
  }
}

/** One request to one provider: what its end says about the provider. */
class Attempt {
  readonly #startedAt = performance.now();
  #hasAnswered = false;

  constructor(
    private readonly provider: ProviderName,
    private readonly pass: CircuitPass,
    private readonly watchers: { providers: ProvidersService; metrics: ProviderMetrics },
  ) {}

  answered(status: number): void {
    this.#hasAnswered = true;
    const { providers, metrics } = this.watchers;
    metrics.answeredAfter(this.provider, (performance.now() - this.#startedAt) / 1_000);
    // 401 and 403 mean that our credential does not work: as bad as a failure, but no reason to ask less often.
    providers.report(this.provider, status < 500 && status !== 401 && status !== 403);
    if (status < 500) this.pass.succeed();
    else this.pass.fail();
    metrics.attempted(this.provider, outcomeOf(status));
  }

  broke(error: Error): ServiceError {
    // An error of our own making (an abort) says nothing about the provider.
    if (error instanceof ServiceError) {
      this.pass.release();
      this.#note('left');
      return error;
    }
    this.watchers.providers.report(this.provider, false);
    this.pass.fail();
    const code = (error as { code?: string }).code;
    const isLate = code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT';
    this.#note(isLate ? 'timed_out' : 'failed');
    return isLate
      ? new UpstreamError('provider_timeout', 'The model provider did not answer in time; try again.', {
          isRetryable: false,
          cause: error,
        })
      : new UpstreamError('provider_unavailable', 'The model provider could not be reached or broke off; try again.', {
          isRetryable: !this.#hasAnswered,
          cause: error,
        });
  }

  /** Counts an attempt that ended before it was answered; the others are counted when their answer begins. */
  #note(outcome: AttemptOutcome): void {
    if (!this.#hasAnswered) this.watchers.metrics.attempted(this.provider, outcome);
  }
}

function outcomeOf(status: number): AttemptOutcome {
  if (status < 400) return 'answered';
  return status < 500 ? 'refused' : 'failed';
}

function headersFor(endpoint: ProviderEndpoint, { contentType, pieces }: UpstreamRequest): Record<string, string> {
  return {
    'content-type': contentType,
    'content-length': String(lengthOf(pieces)),
    accept: 'application/json, text/event-stream, text/plain',
    // Answers are passed on and metered byte by byte, so they must not be compressed.
    'accept-encoding': 'identity',
    ...(endpoint.apiKey && { authorization: `Bearer ${endpoint.apiKey}` }),
  };
}
