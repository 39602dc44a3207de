import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { InternalTls, toSendable } from '@orgn/service-kit';
import { Agent, type Dispatcher } from 'undici';
import type { RouterConnection } from './router-connection.ts';
import { RouterConnector } from './router-connector.client.ts';

export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Receives a router's answer as it comes. Exactly one of `onEnd` and `onError` is called last. */
export interface RouterReceiver {
  onStart(status: number, headers: AnswerHeaders): void;
  onData(chunk: Buffer): void;
  /** @param trailers what the router said after the last byte */
  onEnd(trailers: AnswerHeaders): void;
  /** @param wasSent whether the router may have begun to work on the request */
  onError(error: Error, wasSent: boolean): void;
}

/** What a router is sent: the caller's bytes, under the path they came to. */
export interface RouterRequest {
  path: string;
  headers: Record<string, string>;
  body: Buffer;
}

/** A request at a router: what its receiver may do to it. */
export class RouterCall {
  /** When something of its answer came last, or else when it was sent; of the monotonic clock, in milliseconds. */
  heardAt = performance.now();
  #controller: Dispatcher.DispatchController | undefined;
  #isAborted = false;

  attach(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isAborted) controller.abort(new Error('aborted'));
  }

  /** Closes the connection; the router then ends or drains the provider's work. */
  abort(): void {
    this.#isAborted = true;
    this.#controller?.abort(new Error('aborted'));
  }

  /** Ends it for its receiver as a lost connection would. */
  giveUp(): void {
    this.#controller?.abort(new Error('the router has gone silent'));
  }

  heard(): void {
    this.heardAt = performance.now();
  }

  pause(): void {
    this.#controller?.pause();
  }

  resume(): void {
    this.#controller?.resume();
  }
}

/** Carries bytes to routers over kept-alive connections. Time limits are the router's, which knows the provider's. */
@Injectable()
export class RouterClient implements OnApplicationShutdown {
  readonly #connector: RouterConnector;
  readonly #agent: Agent;

  constructor(tls: InternalTls) {
    this.#connector = new RouterConnector(tls);
    this.#agent = new Agent({
      connect: this.#connector.connect,
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: 30_000,
      pipelining: 1,
    });
  }

  post(connection: RouterConnection, request: RouterRequest, receiver: RouterReceiver): RouterCall {
    const { path, body } = request;
    const call = new RouterCall();
    connection.calls.add(call);
    const done = () => connection.calls.delete(call);
    const headers = {
      ...request.headers,
      'content-length': String(body.length),
      authorization: `Bearer ${connection.token}`,
    };
    this.#agent.dispatch(
      { origin: connection.url, path, method: 'POST', headers, body: toSendable([body]) },
      {
        onRequestStart: (controller) => call.attach(controller),
        onResponseStart: (_controller, status, answerHeaders) => {
          call.heard();
          receiver.onStart(status, answerHeaders);
        },
        onResponseData: (_controller, chunk) => {
          call.heard();
          receiver.onData(chunk);
        },
        onResponseEnd: (_controller, trailers) => {
          done();
          receiver.onEnd(trailers);
        },
        onResponseError: (_controller, error) => {
          done();
          receiver.onError(error, !this.#connector.hasFailedWith(error));
        },
      },
    );
    return call;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#agent.destroy();
  }
}
