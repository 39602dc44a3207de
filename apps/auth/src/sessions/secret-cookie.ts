import { isBrowserSecret } from './browser-secret.ts';

/**
 * A cookie that holds a browser's secret. On https its name binds it to this very host (`__Host-`); on http, which only
 * development has, the name ends in the port, because cookies of localhost are shared by all its ports.
 */
export class SecretCookie {
  readonly name: string;
  readonly #attributes: string;

  /** @param consoleUrl origin of the console host as browsers see it */
  constructor(purpose: string, consoleUrl: string) {
    const { protocol, port } = new URL(consoleUrl);
    const isSecure = protocol === 'https:';
    this.name = isSecure ? `__Host-orgn_${purpose}` : `orgn_${purpose}_${port || '80'}`;
    this.#attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
  }

  /** The secret in a `cookie` header, if there is one that could be ours. */
  read(header: string | undefined): string | undefined {
    for (const pair of header?.split(';') ?? []) {
      const [name, value = ''] = pair.trim().split('=', 2);
      if (name === this.name) return isBrowserSecret(value) ? value : undefined;
    }
    return undefined;
  }

  /** A `set-cookie` header that gives the browser its secret. */
  give(secret: string, seconds: number): string {
    return `${this.name}=${secret}; Max-Age=${seconds}; ${this.#attributes}`;
  }

  /** A `set-cookie` header that takes it away. */
  take(): string {
    return `${this.name}=; Max-Age=0; ${this.#attributes}`;
  }
}
