import { createHash } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { ServiceError } from '@orgn/contracts';
import { UpstreamError } from '../providers/upstream-error.ts';
import { buildConnector, Client, Pool, type Dispatcher } from 'undici';

/** What of a connection's key is compared: SHA-256 (hex) of its SubjectPublicKeyInfo. */
export const spkiSha256 = (spki: Uint8Array): string => createHash('sha256').update(spki).digest('hex');

/** The SubjectPublicKeyInfo (DER) of a connection's peer; null when it showed no certificate. */
function spkiOf(socket: TLSSocket): Buffer | null {
  return socket.getPeerX509Certificate()?.publicKey.export({ format: 'der', type: 'spki' }) ?? null;
}

/** The key of the peer is another than the attested one; nothing was sent to it. */
export const otherKey = (): ServiceError =>
  new ServiceError('attestation_failed', "The enclave's connection has another key than was attested.", {
    checks: [{ id: 'key_attested', status: 'fail' }],
  });

/** An attested connection ended just as it was to be used: nothing was sent, so it can be tried again. */
const connectionGone = (): UpstreamError =>
  new UpstreamError('provider_unavailable', 'The attested connection has ended; try again.', { isRetryable: true });

export interface ConnectionSettings {
  connectTimeoutMs: number;
  headersTimeoutMs: number;
  bodyTimeoutMs: number;
}

/** Sees each new connection before its first byte; what it throws ends the connection. */
type Inspect = (socket: TLSSocket) => void;

/**
 * Connections to an enclave. The authority of a certificate proves nothing here, so none is asked for: who is at the other end
 * follows from the quote. No session is resumed, since a resumed one shows no certificate.
 */
function connectorFor(settings: ConnectionSettings, inspect: Inspect): buildConnector.connector {
  const connect = buildConnector({
    timeout: settings.connectTimeoutMs,
    rejectUnauthorized: false,
    maxCachedSessions: 0,
    allowH2: false,
  });
  return (options, done) => {
    connect(options, (error, socket) => {
      if (error) return done(error, null);
      try {
        inspect(socket as TLSSocket);
      } catch (fault) {
        socket.destroy();
        return done(fault as Error, null);
      }
      done(null, socket);
    });
  };
}

/** Idle connections of a pool are soon made anew; one that was attested is worth keeping for as long as its session may count. */
const IDLE_MS = 30_000;
const ATTESTED_IDLE_MS = 300_000;

const optionsFor = (settings: ConnectionSettings, inspect: Inspect, keepAliveTimeout = IDLE_MS) => ({
  connect: connectorFor(settings, inspect),
  headersTimeout: settings.headersTimeoutMs,
  bodyTimeout: settings.bodyTimeoutMs,
  keepAliveTimeout,
  pipelining: 1,
});

/** Any number of connections that all end in one key: nothing is sent over one that does not. */
export class PinnedPool {
  readonly dispatcher: Dispatcher;

  constructor(origin: string, pin: string, settings: ConnectionSettings & { onOtherKey: () => void }) {
    const inspect = (socket: TLSSocket): void => {
      const spki = spkiOf(socket);
      if (spki && spkiSha256(spki) === pin) return;
      settings.onOtherKey();
      throw otherKey();
    };
    this.dispatcher = new Pool(origin, optionsFor(settings, inspect));
  }

  /** Lets what is under way come to its end. */
  async close(): Promise<void> {
    await this.dispatcher.close();
  }
}

/** One connection, which is never made anew: what was found out over it holds for all that is sent over it. */
export class SingleConnection {
  readonly #client: Client;
  #spki: Buffer | null = null;
  #isAlive = true;
  #isBusy = false;

  constructor(origin: string, settings: ConnectionSettings) {
    const inspect = (socket: TLSSocket): void => {
      if (this.#spki) throw connectionGone();
      this.#spki = spkiOf(socket);
      if (!this.#spki) throw new ServiceError('provider_unavailable', 'The enclave shows no certificate.');
      socket.once('close', () => (this.#isAlive = false));
    };
    this.#client = new Client(origin, optionsFor(settings, inspect, ATTESTED_IDLE_MS));
  }

  /** SubjectPublicKeyInfo (DER) of the peer; null before it was reached. */
  get spki(): Buffer | null {
    return this.#spki;
  }

  /** Takes the connection for one request. @returns false when it cannot carry one at once */
  take(): boolean {
    const isFree = this.#isAlive && this.#spki !== null && !this.#isBusy;
    if (isFree) this.#isBusy = true;
    return isFree;
  }

  /** Gives it back: nothing was sent. */
  release(): void {
    this.#isBusy = false;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** For a question whose answer is read whole. */
  get asking(): Dispatcher {
    return this.#client;
  }

  /** Sends the request that it was taken for; it is free again when the answer has ended. */
  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const free = (): void => this.release();
    return this.#client.dispatch(options, {
      onRequestStart: (controller, context) => handler.onRequestStart?.(controller, context),
      onResponseStart: (...start) => handler.onResponseStart?.(...start),
      onResponseData: (...data) => handler.onResponseData?.(...data),
      onResponseEnd: (...end) => {
        free();
        handler.onResponseEnd?.(...end);
      },
      onResponseError: (...failure) => {
        free();
        handler.onResponseError?.(...failure);
      },
    });
  }

  async close(): Promise<void> {
    this.#isAlive = false;
    await this.#client.close();
  }
}
