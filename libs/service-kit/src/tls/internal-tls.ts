import type { SecureContextOptions, TlsOptions } from 'node:tls';
import type { TlsSettings } from '../config/tls-settings.ts';
import { readIdentity, type Identity } from './identity.ts';

/** How often the files of a certificate are looked at; a watch would not see through every kind of mount. */
const LOOK_MS = 5_000;

type Suite = Pick<SecureContextOptions, 'minVersion' | 'ciphers'>;

/** Both ends are ours, and of one age. Of the two suites that processors are made for, the one that costs less comes first. */
const suite: Suite = { minVersion: 'TLSv1.3', ciphers: 'TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384' };

/**
 * TLS between the processes of a deployment: who a process is there, from the files of its folder. A renewed certificate is
 * taken up within 5 s; connections that are open stay as they are.
 */
export class InternalTls {
  #identity: Identity | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #listeners = new Set<() => void>();

  /** @throws ConfigError when TLS is on and its files are not usable */
  constructor(private readonly settings: TlsSettings) {
    if (settings.INTERNAL_TLS === 'off') return;
    this.#identity = readIdentity(settings.TLS_DIR);
    this.#timer = setInterval(() => this.look(), LOOK_MS).unref();
  }

  /** Whether connections inside the deployment are encrypted. */
  get isOn(): boolean {
    return this.#identity !== undefined;
  }

  /** What a client asks with that takes `server`, by the name in its certificate and wherever it is, for the other end. */
  asClientOf(server: string): SecureContextOptions & { servername: string } {
    return { ...this.#context(), servername: server };
  }

  /** What a server listens with that takes connections under the deployment's authority only. See `admit` for their names. */
  asServer(): TlsOptions {
    return { ...this.#context(), requestCert: true, rejectUnauthorized: true };
  }

  /** @param hear is called after each renewal */
  onRenewal(hear: () => void): void {
    this.#listeners.add(hear);
  }

  /** Looks at the files now. Half-written ones, a new key beside an old certificate, are not yet a renewal. */
  look(): void {
    if (!this.#identity) return;
    try {
      const found = readIdentity(this.settings.TLS_DIR);
      if (isSame(found, this.#identity)) return;
      this.#identity = found;
    } catch {
      return;
    }
    for (const hear of this.#listeners) hear();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#listeners.clear();
  }

  #context(): SecureContextOptions {
    if (!this.#identity) throw new Error('INTERNAL_TLS is off');
    const { ca, certificate, key } = this.#identity;
    return { ca, cert: certificate, key, ...suite };
  }
}

function isSame(one: Identity, other: Identity): boolean {
  return one.ca === other.ca && one.certificate === other.certificate && one.key === other.key;
}
