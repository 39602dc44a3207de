import { Injectable } from '@nestjs/common';
import { compactVerify, createRemoteJWKSet, customFetch, decodeJwt, type JWTVerifyGetKey } from 'jose';
import { AuthConfig } from '../config.ts';
import { IdentityProvider } from './identity-provider.client.ts';
import { ProviderNetwork } from './provider-network.client.ts';

/** Whoever sends forged tokens makes us fetch keys no more often than this. */
const KEYS_COOLDOWN_MS = 5_000;
const TIMEOUT_MS = 5_000;
/** Ours are never signed by a secret: whoever knows the client's could sign people out. */
export const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'],
  ...['EdDSA', 'Ed25519'],
];

/** The keys that the provider signs with, as it publishes them. */
@Injectable()
export class ProviderKeys {
  #known: { uri: string; get: JWTVerifyGetKey } | undefined;

  constructor(
    private readonly config: AuthConfig,
    private readonly provider: IdentityProvider,
    private readonly network: ProviderNetwork,
  ) {}

  /**
   * Looks keys up for jose, from what was fetched in the last minutes.
   * @throws SignInRefusal when the provider does not say where they are; undefined where that is no safe place
   */
  async get(): Promise<JWTVerifyGetKey | undefined> {
    const uri = await this.#uri();
    if (uri === undefined) return undefined;
    if (this.#known?.uri !== uri) this.#known = { uri, get: this.#remote(uri) };
    return this.#known.get;
  }

  /**
   * Whether the provider would still know an ID token for its own: made by it for this deployment, and signed by a key that
   * it publishes now. Time does not matter; a provider takes an old one as a hint. False when that cannot be found out.
   */
  async vouchFor(idToken: string): Promise<boolean> {
    try {
      const { iss, aud } = decodeJwt(idToken);
      const isOurs = iss === this.config.OIDC_ISSUER && [aud].flat().includes(this.config.OIDC_CLIENT_ID);
      const uri = isOurs ? await this.#uri() : undefined;
      if (uri === undefined) return false;
      await compactVerify(idToken, this.#remote(uri), { algorithms: ALGORITHMS });
      return true;
    } catch {
      return false;
    }
  }

  async #uri(): Promise<string | undefined> {
    const { jwks_uri: uri } = await this.provider.metadata();
    const isSafe = uri?.startsWith('https:') === true || this.config.NODE_ENV !== 'production';
    return isSafe ? uri : undefined;
  }

  #remote(uri: string): JWTVerifyGetKey {
    return createRemoteJWKSet(new URL(uri), {
      cooldownDuration: KEYS_COOLDOWN_MS,
      timeoutDuration: TIMEOUT_MS,
      [customFetch]: this.network.fetch,
    });
  }
}
