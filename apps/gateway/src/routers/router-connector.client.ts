import type { InternalTls } from '@orgn/service-kit';
import { buildConnector } from 'undici';

const CONNECT_MS = 2_000;
const ROUTER = 'inference-router';

/**
 * Opens connections to routers. Under INTERNAL_TLS both ends name their service by a certificate of the deployment, and what
 * announces itself elsewhere, or as somebody else, gets no byte of a request.
 */
export class RouterConnector {
  #open: buildConnector.connector;
  readonly #failures = new WeakSet<Error>();

  constructor(private readonly tls: InternalTls) {
    this.#open = this.#build();
    tls.onRenewal(() => (this.#open = this.#build()));
  }

  readonly connect: buildConnector.connector = (options, callback) => {
    const done: buildConnector.Callback = (...[error, socket]) => {
      if (error === null) return callback(null, socket);
      this.#failures.add(error);
      callback(error, null);
    };
    if (this.tls.isOn && options.protocol !== 'https:') return done(new Error('the router is not behind TLS'), null);
    this.#open(this.tls.isOn ? { ...options, servername: ROUTER } : options, done);
  };

  /** Whether this error kept a connection from coming to be, so that nothing was sent. */
  hasFailedWith(error: Error): boolean {
    return this.#failures.has(error);
  }

  #build(): buildConnector.connector {
    return buildConnector({ timeout: CONNECT_MS, allowH2: false, ...(this.tls.isOn && this.tls.asClientOf(ROUTER)) });
  }
}
