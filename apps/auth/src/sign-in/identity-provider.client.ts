import { Injectable } from '@nestjs/common';
import { RateLimiter, ServiceLog } from '@orgn/service-kit';
import {
  allowInsecureRequests,
  buildEndSessionUrl,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  randomState,
  type CustomFetch,
  type ServerMetadata,
} from 'openid-client';
import { AuthConfig } from '../config.ts';
import { differenceOf, toFault, type Fault } from './fault.ts';
import { ProviderNetwork } from './provider-network.client.ts';
import { SignInRefusal } from './sign-in-refusal.ts';
import { toRefusal } from './to-refusal.ts';

const METADATA_FRESH_MS = 3_600_000;
const TIMEOUT_SECONDS = 5;

/** The OpenID provider: asked what it is when somebody wants to sign in, not at boot, and again every hour. */
@Injectable()
export class IdentityProvider {
  readonly #lines = new RateLimiter({ points: 6, seconds: 60 }, 16);
  #known: { metadata: Promise<ServerMetadata>; until: number } | undefined;

  constructor(
    private readonly config: AuthConfig,
    private readonly network: ProviderNetwork,
    private readonly log: ServiceLog,
  ) {
    const { OIDC_ISSUER: issuer, OIDC_TRUST_EMAIL: trusted } = config;
    if (trusted === undefined || trusted === issuer) return;
    this.log.warn('OIDC_TRUST_EMAIL names another issuer than OIDC_ISSUER', {
      differsIn: differenceOf(issuer, trusted),
    });
  }

  /**
   * What its discovery document says.
   * @throws SignInRefusal `provider_unreachable`, `provider_misconfigured`, `simulator_in_production`
   */
  metadata(): Promise<ServerMetadata> {
    if (this.#known && Date.now() < this.#known.until) return this.#known.metadata;
    const known = { metadata: this.#discover(), until: Date.now() + METADATA_FRESH_MS };
    this.#known = known;
    known.metadata.catch(() => {
      if (this.#known === known) this.#known = undefined;
    });
    return known.metadata;
  }

  /**
   * A client of it, for one exchange. Each fetches the signing keys anew: then a rotation of keys is never noticed late,
   * and sign-ins are rare enough.
   */
  async client(): Promise<Configuration> {
    const metadata = await this.metadata();
    const { OIDC_CLIENT_ID: id, OIDC_CLIENT_SECRET: secret } = this.config;
    const isBasic = metadata.token_endpoint_auth_methods_supported?.includes('client_secret_basic') ?? true;
    const client = new Configuration(metadata, id, {}, isBasic ? ClientSecretBasic(secret) : ClientSecretPost(secret));
    client.timeout = TIMEOUT_SECONDS;
    client[customFetch] = this.network.fetch as CustomFetch;
    // Without this, openid-client takes TLS for proof enough and verifies no signature.
    enableNonRepudiationChecks(client);
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so to stand out; used in development alone
    if (this.#mayBePlain) allowInsecureRequests(client);
    return client;
  }

  /**
   * Finds out that the provider answers, before a browser is sent to it: what is down would leave the person at a page of
   * the browser's own. Any answer will do but one that says that it cannot serve.
   * @throws SignInRefusal as `metadata`
   */
  async requireAwake(): Promise<void> {
    const isNews = this.#known === undefined;
    await this.metadata();
    if (isNews) return;
    const address = `${this.config.OIDC_ISSUER.replace(/\/$/, '')}/.well-known/openid-configuration`;
    try {
      const signal = AbortSignal.timeout(TIMEOUT_SECONDS * 1_000);
      const { status, body } = await this.network.fetch(address, { redirect: 'manual', signal });
      await body?.cancel();
      if (status >= 500) throw Object.assign(new Error('cannot serve'), { status });
    } catch (error) {
      throw toRefusal(error);
    }
  }

  /** Where a browser signs out of the provider too; undefined: the provider has no such place. */
  async endSessionUrl(idToken: string | undefined): Promise<string | undefined> {
    const client = await this.client();
    if (client.serverMetadata().end_session_endpoint === undefined) return undefined;
    return buildEndSessionUrl(client, {
      ...(idToken !== undefined && { id_token_hint: idToken }),
      post_logout_redirect_uri: `${this.config.CONSOLE_URL}/`,
      state: randomState(),
    }).href;
  }

  async #discover(): Promise<ServerMetadata> {
    const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: id, NODE_ENV } = this.config;
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so to stand out; used in development alone
    const execute = this.#mayBePlain ? [allowInsecureRequests] : [];
    const options = { timeout: TIMEOUT_SECONDS, execute, [customFetch]: this.network.fetch as CustomFetch };
    const found = await discovery(new URL(issuer), id, {}, undefined, options).catch((error: unknown) => {
      const isUnreachable = toRefusal(error).reason === 'provider_unreachable';
      throw this.#refusal(
        isUnreachable ? 'provider_unreachable' : 'provider_misconfigured',
        faultOf(error, issuer),
        error,
      );
    });
    const metadata = found.serverMetadata();
    const fault = faultIn(metadata, issuer);
    if (fault) throw this.#refusal('provider_misconfigured', fault);
    // It signs in whoever asks.
    if (NODE_ENV === 'production' && metadata.orgn_simulator === true)
      throw this.#refusal('simulator_in_production', { attribute: 'orgn_simulator' });
    return { ...metadata };
  }

  get #mayBePlain(): boolean {
    return this.config.NODE_ENV !== 'production' && this.config.OIDC_ISSUER.startsWith('http:');
  }

  #refusal(reason: SignInRefusal['reason'], fault: Fault, cause?: unknown): SignInRefusal {
    // Whoever asks to sign in makes us find this out again.
    if (this.#lines.count(reason) === 0) this.log.error('identity provider not usable', cause, { reason, ...fault });
    return new SignInRefusal(reason, cause, fault);
  }
}

/** What is wrong with a discovery document: it names another issuer, or leaves out what every sign-in stands on. */
function faultIn(metadata: ServerMetadata, issuer: string): Fault | undefined {
  if (metadata.issuer !== issuer) return { attribute: 'issuer', differsIn: differenceOf(issuer, metadata.issuer) };
  const needed = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const;
  const attribute = needed.find((name) => metadata[name] === undefined);
  return attribute && { attribute };
}

/** openid-client compares the issuer by itself, and gives the document that it found. */
function faultOf(error: unknown, issuer: string): Fault {
  const fault = toFault(error);
  const { body } = ((error as { cause?: unknown }).cause ?? {}) as { body?: { issuer?: unknown } };
  return fault.attribute === 'issuer' ? { ...fault, differsIn: differenceOf(issuer, body?.issuer) } : fault;
}
