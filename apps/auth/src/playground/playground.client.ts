import { Transform, type Readable } from 'node:stream';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { GRANT_HEADER, GRANTED_REQUEST_HEADER, ServiceError, type RequestId } from '@orgn/contracts';
import { InternalTls } from '@orgn/service-kit';
import { Agent, buildConnector, request as send, type Dispatcher } from 'undici';
import type { Door } from './gateway-door.ts';

const CONNECT_MS = 2_000;
const GATEWAY = 'gateway';
/** As the API host bounds a body by default. */
export const MAX_BODY_BYTES = 32 * 1024 * 1024;

/** A gateway's answer, whose body is read as it comes. */
export type GatewayAnswer = Pick<Dispatcher.ResponseData, 'statusCode' | 'headers' | 'body'>;

/** What goes to a gateway. */
export interface PlaygroundRequest {
  requestId: RequestId;
  /** Secret of the grant. */
  secret: string;
  body: Readable;
  /** Bytes that the body is declared to have. */
  length: string | undefined;
  signal: AbortSignal;
}

/** Carries bytes to gateways and back as they come. Nothing of them is looked at, kept or logged. */
@Injectable()
export class PlaygroundClient implements OnApplicationShutdown {
  readonly #agent: Agent;
  #open: buildConnector.connector;

  constructor(private readonly tls: InternalTls) {
    this.#open = this.#build();
    tls.onRenewal(() => (this.#open = this.#build()));
    this.#agent = new Agent({
      // By the name in its certificate, wherever it is.
      connect: (options, callback) =>
        this.#open(this.tls.isOn ? { ...options, servername: GATEWAY } : options, callback),
      headersTimeout: 0,
      bodyTimeout: 0,
      pipelining: 1,
    });
  }

  /** @throws an error of the connection, or what the signal was aborted with */
  ask(door: Door, { requestId, secret, body, length, signal }: PlaygroundRequest): Promise<GatewayAnswer> {
    const counted = body.pipe(new Bounded(MAX_BODY_BYTES));
    body.once('error', (error) => counted.destroy(error));
    return send(`${door.url}/v1/chat/completions`, {
      dispatcher: this.#agent,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(length !== undefined && { 'content-length': length }),
        authorization: `Bearer ${door.token}`,
        [GRANT_HEADER]: secret,
        [GRANTED_REQUEST_HEADER]: requestId,
      },
      body: counted,
      signal,
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#agent.destroy();
  }

  #build(): buildConnector.connector {
    return buildConnector({ timeout: CONNECT_MS, allowH2: false, ...(this.tls.isOn && this.tls.asClientOf(GATEWAY)) });
  }
}

/** Passes on up to so many bytes. */
class Bounded extends Transform {
  #left: number;

  constructor(bytes: number) {
    super();
    this.#left = bytes;
  }

  override _transform(chunk: Buffer, _encoding: string, done: (error: Error | null, chunk?: Buffer) => void): void {
    this.#left -= chunk.length;
    if (this.#left >= 0) return done(null, chunk);
    done(new ServiceError('request_too_large', 'The request is larger than 32 MiB.'));
  }
}
