import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ServiceError } from '@orgn/contracts';
import { Agent, type Dispatcher } from 'undici';
import { RouterConfig } from '../config.ts';
import type { ProviderEndpoint, ProviderName } from './provider.ts';
import { ProvidersService } from './providers.service.ts';

/** Receives an answer as it comes. Exactly one of `onEnd` and `onError` is called last. */
export interface AnswerReceiver {
  onStart(status: number, headers: Readonly<Record<string, string | string[] | undefined>>): void;
  onData(chunk: Buffer): void;
  onEnd(): void;
  onError(error: ServiceError): void;
}

/** A request on its way: what its receiver may do to it. */
export class UpstreamCall {
  #controller: Dispatcher.DispatchController | undefined;
  #abortReason: Error | undefined;

  attach(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#abortReason) controller.abort(this.#abortReason);
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
  ) {
    this.#agent = new Agent({
      connect: { timeout: config.CONNECT_TIMEOUT_MS },
      headersTimeout: config.FIRST_BYTE_TIMEOUT_MS,
      bodyTimeout: config.IDLE_TIMEOUT_MS,
      keepAliveTimeout: 30_000,
      pipelining: 1,
    });
  }

  /** Posts JSON to `<the provider's base URL><path>`; the answer's bytes go to `receiver` uncompressed. */
  post(
    provider: ProviderName,
    path: string,
    { body, receiver }: { body: Buffer; receiver: AnswerReceiver },
  ): UpstreamCall {
    const endpoint = this.providers.endpointOf(provider);
    if (!endpoint) throw new ServiceError('provider_unavailable', 'This deployment is not connected to the provider.');
    const url = new URL(`${endpoint.baseUrl}${path}`);
    const call = new UpstreamCall();
    this.#agent.dispatch(
      { origin: url.origin, path: url.pathname + url.search, method: 'POST', headers: headersFor(endpoint), body },
      {
        onRequestStart: (controller) => call.attach(controller),
        onResponseStart: (_controller, status, headers) => {
          this.providers.report(provider, isHealthy(status));
          receiver.onStart(status, headers);
        },
        onResponseData: (_controller, chunk) => receiver.onData(chunk),
        onResponseEnd: () => receiver.onEnd(),
        onResponseError: (_controller, error) => {
          // An error of our own making (an abort) says nothing about the provider.
          if (!(error instanceof ServiceError)) this.providers.report(provider, false);
          receiver.onError(toServiceError(error));
        },
      },
    );
    return call;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#agent.destroy();
  }
}

/** 401 and 403 mean that our credential does not work, which is as bad as a failure. */
function isHealthy(status: number): boolean {
  return status < 500 && status !== 401 && status !== 403;
}

function headersFor(endpoint: ProviderEndpoint): Record<string, string> {
  return {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    // Answers are passed on and metered byte by byte, so they must not be compressed.
    'accept-encoding': 'identity',
    ...(endpoint.apiKey && { authorization: `Bearer ${endpoint.apiKey}` }),
  };
}

function toServiceError(error: Error): ServiceError {
  if (error instanceof ServiceError) return error;
  const code = (error as { code?: string }).code;
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') {
    return new ServiceError('provider_timeout', 'The model provider did not answer in time; try again.', {
      cause: error,
    });
  }
  return new ServiceError('provider_unavailable', 'The model provider could not be reached or broke off; try again.', {
    cause: error,
  });
}
